/** What was promised for today: acknowledgements that end before midnight. Somebody wanted to have it done by then. */
import { Link } from "@tanstack/react-router";
import { Ago } from "../../components/Ago.tsx";
import { Section } from "../../components/Page.tsx";
import { PlainTable } from "../../components/PlainTable.tsx";
import { StateShape } from "../../components/StateMark.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import type { Overview } from "./OverviewPage.tsx";
import styles from "./OverviewPage.module.css";

const most = 10;

export function Promised({ overview }: { overview: Overview }) {
  const { texts, checkTexts } = useSpeech();
  const { until, total, findings } = overview.promised;
  return (
    <Section
      title={texts.answers.promised}
      actions={
        total > 0 && (
          <Link to="/findings" search={{ state: "acknowledged", until }}>
            {texts.answers.promisedAll} ({total})
          </Link>
        )
      }
    >
      {total === 0 ? (
        <p className="dimmed">{texts.answers.promisedNone}</p>
      ) : (
        <PlainTable
          label={texts.answers.promised}
          columns={[
            { header: texts.findings.what },
            { header: texts.findings.device, width: "27%", from: "sm" },
            { header: texts.findings.acknowledgedBy, width: "22%", from: "md" },
            { header: texts.answers.ends, width: "110px" },
          ]}
          rows={findings.slice(0, most).map((finding) => ({
            key: finding.findingId,
            cells: [
              <span key="what" className={styles["changed"]}>
                <StateShape state={finding.severity} />
                <Link to="/findings" search={{ finding: finding.findingId }} title={finding.acknowledgement?.note}>
                  {checkTexts(finding.check).title(finding)}
                </Link>
              </span>,
              finding.deviceName ?? finding.customerName,
              finding.acknowledgement?.by,
              <Ago key="ends" at={finding.acknowledgement?.until ?? null} short />,
            ],
          }))}
        />
      )}
    </Section>
  );
}
