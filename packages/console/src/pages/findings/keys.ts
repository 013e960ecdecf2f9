/** The keyboard on the list of findings: j k move, Enter opens, a acknowledges, x selects, u takes back, Esc closes. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { useHotkeys, type HotkeyItem } from "@mantine/hooks";
import { useEffect, useRef, useState, type RefObject } from "react";

interface Question {
  readonly rows: readonly Finding[];
  /** Keys of the rows as they are sorted on the screen. */
  readonly orderRef: RefObject<readonly string[]>;
  readonly openKey: string | undefined;
  /** Off while a dialog asks something. */
  readonly enabled: boolean;
  /** @param replace does not add to the history: who walks through the list goes back in one step. */
  readonly onOpen: (id: string | undefined, replace?: boolean) => void;
  readonly onAcknowledge: (finding: Finding | undefined) => void;
  readonly onToggle: (id: string) => void;
  readonly onUndo: (finding: Finding | undefined) => void;
  readonly onClear: () => void;
}

/** Puts the focus on the row's link once it is drawn, so that a screen reader follows and Enter works by itself. */
function focusRow(id: string): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-row-link="${CSS.escape(id)}"]`)?.focus({ preventScroll: true })),
  );
}

/** @returns the key of the row under the keyboard. */
export function useFindingKeys({
  rows,
  orderRef,
  openKey,
  enabled,
  onOpen,
  onAcknowledge,
  onToggle,
  onUndo,
  onClear,
}: Question): string | undefined {
  const [cursor, setCursor] = useState<string | undefined>(openKey);
  useEffect(() => {
    if (openKey) setCursor(openKey);
  }, [openKey]);
  /** Where the cursor was; when its row has gone, the walk goes on from there. */
  const lastPlace = useRef(-1);

  const move = (step: number) => {
    const place = cursor === undefined ? -1 : orderRef.current.indexOf(cursor);
    if (place >= 0) lastPlace.current = place;
    const from = place >= 0 ? place : step > 0 ? lastPlace.current - 1 : lastPlace.current;
    const next = Math.max(0, Math.min(orderRef.current.length - 1, from + step));
    const id = orderRef.current[next];
    if (id === undefined) return;
    lastPlace.current = next;
    setCursor(id);
    if (openKey) onOpen(id, true);
    focusRow(id);
  };
  const current = rows.find(({ findingId }) => findingId === cursor);
  const keys: HotkeyItem[] = [
    ["j", () => move(1)],
    ["k", () => move(-1)],
    [
      "Enter",
      () => current && document.activeElement?.tagName !== "A" && document.activeElement?.tagName !== "BUTTON" && onOpen(current.findingId),
      { preventDefault: false },
    ],
    ["a", () => onAcknowledge(current)],
    ["x", () => current && onToggle(current.findingId)],
    ["u", () => onUndo(current)],
    ["Escape", () => (openKey ? onOpen(undefined) : onClear()), { preventDefault: false }],
  ];
  useHotkeys(enabled ? keys : []);
  return cursor;
}
