/** Which findings are selected: one by one, a range, or all. */
import { useCallback, useRef, useState } from "react";

export interface Selection {
  readonly set: ReadonlySet<string>;
  readonly toggle: (id: string) => void;
  /** Selects everything from the last one that was toggled to this one, as the rows are shown. */
  readonly extend: (id: string, order: readonly string[]) => void;
  /** Selects all of these; when they are all selected, none. */
  readonly all: (order: readonly string[]) => void;
  readonly clear: () => void;
}

/** What a range adds. Exported for its test. */
export function rangeOf(order: readonly string[], anchor: string | undefined, id: string): readonly string[] {
  const to = order.indexOf(id);
  const from = anchor === undefined ? to : order.indexOf(anchor);
  if (to < 0) return [];
  return from < 0 ? [id] : order.slice(Math.min(from, to), Math.max(from, to) + 1);
}

export function useSelection(): Selection {
  const [set, setSet] = useState<ReadonlySet<string>>(new Set());
  const anchor = useRef<string>(undefined);
  const toggle = useCallback((id: string) => {
    anchor.current = id;
    setSet((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  const extend = useCallback((id: string, order: readonly string[]) => {
    const range = rangeOf(order, anchor.current, id);
    anchor.current = id;
    setSet((before) => new Set([...before, ...range]));
  }, []);
  const all = useCallback((order: readonly string[]) => {
    setSet((before) => (order.every((id) => before.has(id)) ? new Set() : new Set(order)));
  }, []);
  const clear = useCallback(() => {
    anchor.current = undefined;
    setSet(new Set());
  }, []);
  return { set, toggle, extend, all, clear };
}
