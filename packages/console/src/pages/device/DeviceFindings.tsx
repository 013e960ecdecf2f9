/** What is open on this device; nothing at all when nothing is. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { query } from "../../api/queries.ts";
import { Ago } from "../../components/Ago.tsx";
import { Section } from "../../components/Page.tsx";
import { StateShape } from "../../components/StateMark.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./device.module.css";

export function DeviceFindings({ deviceId }: { deviceId: string }) {
  const { texts, checkTexts } = useSpeech();
  const { data } = useQuery(query("listFindings", { query: { deviceId, state: "current" } }));
  if (!data || data.items.length === 0) return null;
  return (
    <Section
      title={texts.device.findings}
      actions={
        <Link to="/findings" search={{ device: deviceId, state: "closed" }}>
          {texts.device.pastFindings}
        </Link>
      }
    >
      <ul className={styles["findings"]}>
        {data.items.map((finding) => (
          <li key={finding.findingId}>
            <StateShape state={finding.severity} />
            <Link to="/findings" search={{ finding: finding.findingId }}>
              {checkTexts(finding.check).title(finding)}
            </Link>
            <span className="dimmed">
              <Ago at={finding.openedAt} />
              {finding.acknowledgement && `, ${texts.findings.stateWords.acknowledged} ${texts.findings.by(finding.acknowledgement.by)}`}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
