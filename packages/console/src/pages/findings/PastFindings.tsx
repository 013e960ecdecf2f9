/** Earlier findings of the same kind at the same place. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { query } from "../../api/queries.ts";
import { Moment } from "../../components/Ago.tsx";
import { StateShape } from "../../components/StateMark.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./findings.module.css";

const most = 5;

export function PastFindings({ finding }: { finding: Finding }) {
  const { texts, format } = useSpeech();
  const { data } = useQuery({
    ...query("listFindings", {
      query: {
        state: "closed",
        deviceId: finding.deviceId ?? undefined,
        customerId: finding.deviceId ? undefined : (finding.customerId ?? undefined),
        check: finding.check,
      },
    }),
    staleTime: 60_000,
  });
  if (!data) return null;
  const past = data.items
    .filter((one) => one.code === finding.code && one.subject === finding.subject && one.findingId !== finding.findingId)
    .slice(0, most);
  return (
    <div className={styles["block"]}>
      <h3>{texts.findings.past}</h3>
      {past.length === 0 ? (
        <p className="dimmed">{texts.findings.pastNone}</p>
      ) : (
        <ul>
          {past.map((one) => (
            <li key={one.findingId}>
              <StateShape state={one.severity} />{" "}
              <Link to="/findings" search={{ state: "closed", finding: one.findingId }}>
                <Moment at={one.openedAt} />
              </Link>
              {one.closedAt && (
                <span className="dimmed">
                  , {texts.findings.pastFor(format.duration((Date.parse(one.closedAt) - Date.parse(one.openedAt)) / 1_000))}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
