/**
 * Single keys as commands of a page: `j`, `X` (with shift), `*`, `?`. By what the key writes and not by where it lies, so that
 * `?` and `*` work on every keyboard. Not while somebody types, and not while a dialog or a menu is open.
 */
import { useEffect, useRef } from "react";

export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** What a key press asks for; undefined where it belongs to somebody else. Exported for its test. */
export function keyOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "isComposing">,
): string | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return undefined;
  // With caps lock on, the shift key alone tells capitals.
  if (/^\p{L}$/u.test(event.key)) return event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase();
  return event.key;
}

const typing = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable=true], [role=combobox]";
const above = "[role=dialog], [role=menu], [role=listbox], [role=alertdialog]";

/** Whether this element takes keys for itself. */
function isTaken(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(`${typing}, ${above}`) !== null;
}

export function useKeys(keys: Keys, enabled: boolean): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    const listen = (event: KeyboardEvent) => {
      const key = keyOf(event);
      if (key === undefined || event.defaultPrevented || isTaken(event.target)) return;
      const run = Object.hasOwn(latest.current, key) ? latest.current[key] : undefined;
      run?.(event);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [enabled]);
}
