/** Looks again and again, for values that have to be averaged. A look that takes longer than the pause is waited for, not doubled. */
import type { Watcher } from "../collector.ts";

/**
 * @param look called at once and then every `everyMs`. What it throws is not lost: the next measurement reads the same source and
 * reports it.
 */
export function repeatedly(everyMs: number, look: () => Promise<void>): Watcher {
  let busy = false;
  const once = async () => {
    if (busy) return;
    busy = true;
    try {
      await look();
    } catch {
      // See above: a watcher has nobody to tell.
    } finally {
      busy = false;
    }
  };
  void once();
  const timer = setInterval(() => void once(), everyMs);
  return { stop: () => clearInterval(timer) };
}
