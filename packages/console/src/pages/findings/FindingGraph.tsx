/** The value that a finding is about, over the last day. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { useQuery } from "@tanstack/react-query";
import { query } from "../../api/queries.ts";
import CheckGraph from "../../components/graph/CheckGraph.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./findings.module.css";

export default function FindingGraph({ finding, deviceId }: { finding: Finding; deviceId: string }) {
  const { texts, checkTexts } = useSpeech();
  const { headline } = checkTexts(finding.check);
  const { data } = useQuery({ ...query("listDeviceChecks", { params: { deviceId } }), enabled: headline !== "", staleTime: 60_000 });
  const check = data?.items.find((one) => one.check === finding.check && one.instance === finding.instance);
  if (!check) return null;
  // A series outside a list has no subject, whatever the finding is about.
  const subject = headline.includes(".") ? finding.subject : "";
  return (
    <div className={styles["block"]}>
      <h3>{texts.findings.valueOverTime}</h3>
      <CheckGraph deviceId={deviceId} check={check} range="24h" field={headline} subject={subject} />
    </div>
  );
}
