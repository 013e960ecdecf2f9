/** A state by shape, word and colour: none of the three is needed to understand it. */
import type { CheckState } from "@hauswart/protocol/check.ts";
import type { ReactNode } from "react";
import { useTexts } from "../texts/texts.tsx";
import styles from "./StateMark.module.css";

const shapes: Record<CheckState, ReactNode> = {
  ok: <circle cx="5" cy="5" r="4" fill="currentColor" />,
  warning: <path d="M5 0.6 9.7 9H0.3z" fill="currentColor" />,
  failure: <rect x="0.8" y="0.8" width="8.4" height="8.4" rx="0.8" fill="currentColor" />,
  unknown: <circle cx="5" cy="5" r="3.8" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="1.9 1.5" />,
};

/** The shape alone, for places where the word stands beside it. */
export function StateShape({ state }: { state: CheckState }) {
  return (
    <svg className={styles["shape"]} data-state={state} viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
      {shapes[state]}
    </svg>
  );
}

/** Shape and word. `children` replaces the word, for instance by a count. @param wraps more lines instead of an ellipsis. */
export function StateMark({ state, wraps = false, children }: { state: CheckState; wraps?: boolean; children?: ReactNode }) {
  const texts = useTexts();
  return (
    <span className={styles["mark"]} data-state={state} data-wraps={wraps || undefined}>
      <StateShape state={state} />
      <span className={styles["word"]}>{children ?? texts.states[state]}</span>
    </span>
  );
}

/** Shape and number, the word for screen readers and on hover: "■ 3". Nothing at all for zero. */
export function StateCount({ state, count }: { state: CheckState; count: number }) {
  const texts = useTexts();
  if (count === 0) return null;
  return (
    <span className={styles["mark"]} data-state={state} title={`${count} ${texts.states[state]}`}>
      <StateShape state={state} />
      {count}
      <span className="visually-hidden">{texts.states[state]}</span>
    </span>
  );
}

/** Failures and warnings beside each other; what is zero is left out. */
export function StateCounts({ failure, warning }: { failure: number; warning: number }) {
  return (
    <span className={styles["counts"]}>
      <StateCount state="failure" count={failure} />
      <StateCount state="warning" count={warning} />
    </span>
  );
}
