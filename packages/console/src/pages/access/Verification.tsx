/** Whether the audit log is what was written: asked for here, kept for as long as the console is open. */
import type { AuditVerification } from "@hauswart/protocol/api/audit.ts";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { query } from "../../api/queries.ts";
import { Moment } from "../../components/Ago.tsx";
import { describeError } from "../../components/notes.tsx";
import { StateShape } from "../../components/StateMark.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./access.module.css";

export function Verification() {
  const { texts } = useSpeech();
  const words = texts.audit.verification;
  // Reading the whole log is work: only when somebody asks.
  const found = useQuery({ ...query("verifyAudit"), enabled: false, staleTime: Infinity, gcTime: Infinity });
  return (
    <div className={styles["verification"]} role="status">
      {found.data && <Verdict verdict={found.data} />}
      {found.error && !found.isFetching && <span>{describeError(found.error, texts)}</span>}
      {!found.data && !found.error && <span className="dimmed">{words.notYet}</span>}
      <Button variant="default" size="compact-sm" loading={found.isFetching} onClick={() => void found.refetch()}>
        {found.data ? words.again : words.start}
      </Button>
    </div>
  );
}

function Verdict({ verdict }: { verdict: AuditVerification }) {
  const { texts } = useSpeech();
  const words = texts.audit.verification;
  if (verdict.problemCount > 0) {
    return (
      <span
        title={verdict.problems.map(({ kind, position, sealNumber }) => `${words.kinds[kind]} ${position ?? sealNumber ?? ""}`).join("\n")}
      >
        <StateShape state="failure" /> {words.problems(verdict.problemCount)}
      </span>
    );
  }
  return (
    <span title={`${words.head}: ${verdict.head}`}>
      <StateShape state="ok" /> {words.until} {verdict.verifiedUntil === null ? "–" : <Moment at={verdict.verifiedUntil} />} ·{" "}
      {words.counted(verdict.entries, verdict.seals)}
      {verdict.unsealed > 0 && ` · ${words.unsealed(verdict.unsealed)}`}
    </span>
  );
}
