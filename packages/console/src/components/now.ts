/** The time, for texts such as "3 minutes ago". One clock for the whole page, so that they all turn at once. */
import { useSyncExternalStore } from "react";

const everyMs = 15_000;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of listeners) tell();
  }, everyMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Unix time in milliseconds, at most 15 seconds old. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => {
    // The clock stands still while nobody looks; the first reader sets it.
    if (!timer) now = Math.floor(Date.now() / everyMs) * everyMs;
    return now;
  });
}
