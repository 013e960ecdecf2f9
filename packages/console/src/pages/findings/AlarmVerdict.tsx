/** Whether it was right to tell of a finding: one press, taken back with another. */
import type { AlarmVerdict as Verdict } from "@hauswart/protocol/api/noise.ts";
import { Button, Kbd } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Allowed } from "../../app/Allowed.tsx";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./findings.module.css";

/** In the order of their keys, 1 to 3. */
export const verdicts: readonly Verdict[] = ["useful", "noise", "known"];

/** Says it, or takes it back when it is null. */
export function useJudge() {
  const texts = useTexts();
  const judge = useChange("judgeFinding", {
    touches: ["getFindingVerdict", "getNoise"],
    message: ({ verdict }) => (verdict ? texts.noise.said(texts.noise.verdicts[verdict]) : texts.noise.takenBack),
  });
  return (findingId: string, verdict: Verdict | null) => judge.mutate({ params: { findingId }, body: { verdict } });
}

export function AlarmVerdict({ findingId }: { findingId: string }) {
  const texts = useTexts();
  const { data } = useQuery({ ...query("getFindingVerdict", { params: { findingId } }), staleTime: 60_000 });
  const judge = useJudge();
  return (
    <div className={styles["block"]}>
      <h3>{texts.noise.question}</h3>
      <Allowed to="findings:write">
        <div className={styles["verdicts"]} role="group" aria-label={texts.noise.question}>
          {verdicts.map((verdict, index) => {
            const isSaid = data?.verdict === verdict;
            return (
              <Button
                key={verdict}
                size="compact-sm"
                variant={isSaid ? "filled" : "default"}
                aria-pressed={isSaid}
                title={texts.noise.means[verdict]}
                rightSection={<Kbd size="xs">{index + 1}</Kbd>}
                onClick={() => judge(findingId, isSaid ? null : verdict)}
              >
                {texts.noise.verdicts[verdict]}
              </Button>
            );
          })}
        </div>
      </Allowed>
      {data?.by && <p className="dimmed">{texts.noise.by(data.by)}</p>}
    </div>
  );
}
