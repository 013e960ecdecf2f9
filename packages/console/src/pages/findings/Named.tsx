/** The findings that a dialog is about, by name. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { StateShape } from "../../components/StateMark.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./findings.module.css";

const mostNamed = 5;

export function Named({ findings }: { findings: readonly Finding[] }) {
  const { texts, checkTexts } = useSpeech();
  return (
    <ul className={styles["named"]}>
      {findings.slice(0, mostNamed).map((finding) => (
        <li key={finding.findingId}>
          <StateShape state={finding.severity} /> {checkTexts(finding.check).title(finding)}
          <span className="dimmed"> · {finding.deviceName ?? finding.customerName}</span>
        </li>
      ))}
      {findings.length > mostNamed && <li className="dimmed">{texts.device.and(findings.length - mostNamed)}</li>}
    </ul>
  );
}
