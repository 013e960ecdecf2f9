/**
 * Rows that do not move under the pointer. What is shown keeps its place; content is renewed in place, rows that came in
 * between are counted and announced, rows that left stay until the reader asks for the new list.
 */
import { useState } from "react";

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
 */
export function useSteadyRows<Row>(rows: readonly Row[], question: string | null, keyOf: (row: Row) => string, hasMore: boolean): Settled<Row> & { showAll: () => void } {
  const [state, setState] = useState({ rows, question, settled: settle<Row>([], rows, keyOf, hasMore) });
  let current = state;
  if (state.rows !== rows || (question !== null && state.question !== question)) {
    const same = question === null || state.question === question || state.question === null;
    const settled = settle(same ? state.settled.rows : [], rows, keyOf, hasMore);
    current = { rows, question: question ?? state.question, settled };
    setState(current);
  }
  return { ...current.settled, showAll: () => setState({ ...current, settled: settle<Row>([], rows, keyOf, hasMore) }) };
}
