/** All devices as one bar, worst first, with the counts below. The unknown part is hatched: it is not a shade of good. */
import type { CheckState } from "@hauswart/protocol/check.ts";
import { Link } from "@tanstack/react-router";
import { StateMark } from "../../components/StateMark.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./OverviewPage.module.css";

const order: readonly CheckState[] = ["failure", "warning", "unknown", "ok"];

export function StateBar({ counts }: { counts: Readonly<Record<CheckState, number>> }) {
  const { format, texts } = useSpeech();
  return (
    <div>
      <div className={styles["bar"]} aria-hidden="true">
        {order
          .filter((state) => counts[state] > 0)
          .map((state) => (
            <span key={state} data-state={state} style={{ flexGrow: counts[state] }} />
          ))}
      </div>
      <ul className={styles["legend"]} aria-label={texts.overview.byState}>
        {order.map((state) => (
          <li key={state}>
            <Link to="/devices" search={{ state }}>
              <StateMark state={state}>
                {format.number(counts[state])} {texts.stateSums[state]}
              </StateMark>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
