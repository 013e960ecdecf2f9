/**
 * Rows that do not move under the pointer. What is shown keeps its place; content is renewed in place, rows that came in
 * between are counted and announced, rows that left stay until the reader asks for the new list.
 */
import { useEffect, useRef, useState, type UIEvent } from "react";

export interface Settled<Row> {
  readonly rows: readonly Row[];
  /** New rows that would have moved others. */
  readonly arrivals: number;
  /** Keys of shown rows that are no longer in the list. */
  readonly gone: ReadonlySet<string>;
}

/**
 * Brings new data into what is shown. New rows after the last shown one are added, for they move nothing.
 * @param hasMore the list goes on; then rows missing at its end may only have slipped to the next page.
 */
export function settle<Row>(shown: readonly Row[], incoming: readonly Row[], keyOf: (row: Row) => string, hasMore: boolean): Settled<Row> {
  const fresh = new Map(incoming.map((row) => [keyOf(row), row]));
  const known = new Set(shown.map(keyOf));
  let lastKnown = -1;
  incoming.forEach((row, index) => {
    if (known.has(keyOf(row))) lastKnown = index;
  });
  let lastPresent = shown.length - 1;
  if (hasMore) while (lastPresent >= 0 && !fresh.has(keyOf(shown[lastPresent]!))) lastPresent--;
  const gone = new Set(shown.filter((row, index) => index <= lastPresent && !fresh.has(keyOf(row))).map(keyOf));
  const trailing = incoming.slice(lastKnown + 1);
  const arrivals = incoming.slice(0, lastKnown + 1).filter((row) => !known.has(keyOf(row))).length;
  return { rows: [...shown.map((row) => fresh.get(keyOf(row)) ?? row), ...trailing], arrivals, gone };
}

/**
 * @param question what the rows answer; another question replaces them at once. null while its answer is under way.
 * @param isHeld somebody is at the list: pointing, focused in it, or scrolled into it. Nobody there: it simply follows.
 */
export function useSteadyRows<Row>(
  rows: readonly Row[],
  question: string | null,
  keyOf: (row: Row) => string,
  hasMore: boolean,
  isHeld: boolean,
): Settled<Row> & { showAll: () => void } {
  const fresh = () => settle<Row>([], rows, keyOf, hasMore);
  const [state, setState] = useState(() => ({ rows, question, settled: fresh() }));
  let current = state;
  const isOther = question !== null && state.question !== null && state.question !== question;
  const isBehind = state.settled.arrivals > 0 || state.settled.gone.size > 0;
  if (state.rows !== rows || isOther || (!isHeld && isBehind)) {
    const settled = isHeld && !isOther ? settle(state.settled.rows, rows, keyOf, hasMore) : fresh();
    current = { rows, question: question ?? state.question, settled };
    setState(current);
  }
  return { ...current.settled, showAll: () => setState({ ...current, settled: fresh() }) };
}

/** How long a list stays held after the pointer has left it, milliseconds: long enough to reach a button above it. */
const lingerMs = 2_000;

export interface Hold {
  readonly isHeld: boolean;
  /** For the element around the list. */
  readonly handlers: {
    onPointerEnter: () => void;
    onPointerLeave: () => void;
    onFocus: () => void;
    onBlur: () => void;
    onScrollCapture: (event: UIEvent) => void;
  };
}

/** Whether somebody is at a list. */
export function useHold(): Hold {
  const [reasons, setReasons] = useState<ReadonlySet<"pointer" | "focus" | "scroll">>(new Set());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const set = (reason: "pointer" | "focus" | "scroll", isSo: boolean) =>
    setReasons((before) => {
      if (before.has(reason) === isSo) return before;
      const after = new Set(before);
      if (isSo) after.add(reason);
      else after.delete(reason);
      return after;
    });
  return {
    isHeld: reasons.size > 0,
    handlers: {
      onPointerEnter: () => {
        clearTimeout(timer.current);
        set("pointer", true);
      },
      onPointerLeave: () => void (timer.current = setTimeout(() => set("pointer", false), lingerMs)),
      onFocus: () => set("focus", true),
      onBlur: () => set("focus", false),
      onScrollCapture: (event) => set("scroll", (event.target as Element).scrollTop > 0),
    },
  };
}
