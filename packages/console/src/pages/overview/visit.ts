/** When the reader was here last, so that the overview can tell what has changed since. Remembered in this browser, per account. */
import { useEffect, useState } from "react";

export interface Visit {
  /** When the visit before this one ended, Unix milliseconds; null for the first visit. */
  readonly beforeMs: number | null;
  /** When the reader was last seen. */
  readonly seenMs: number;
}

/** Who comes back after so long begins a new visit; a look at another page does not end one. */
export const visitEndsAfterMs = 30 * 60_000;
const dayMs = 86_400_000;

/** The visit as it stands when the reader is seen now. */
export function visitAt(last: Visit | null, nowMs: number): Visit {
  if (!last) return { beforeMs: null, seenMs: nowMs };
  return { beforeMs: nowMs - last.seenMs > visitEndsAfterMs ? last.seenMs : last.beforeMs, seenMs: nowMs };
}

/** Reads what a browser has remembered; null for nothing and for nonsense. */
export function parseVisit(text: string | null): Visit | null {
  try {
    const { beforeMs, seenMs } = JSON.parse(text ?? "null") as Partial<Visit>;
    const isMoment = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
    return isMoment(seenMs) && (beforeMs === null || isMoment(beforeMs)) ? { beforeMs, seenMs } : null;
  } catch {
    return null;
  }
}

const everyMs = 60_000;

/**
 * @returns since when changes are told (a day ago at the first visit), whether that is the last visit, and a way to say that all
 *   of it has been seen.
 */
export function useVisit(accountId: string): { sinceMs: number; isVisit: boolean; markSeen: () => void } {
  const key = `hauswart-visit-${accountId}`;
  const [openedMs] = useState(() => Date.now());
  const [visit, setVisit] = useState(() => visitAt(parseVisit(localStorage.getItem(key)), openedMs));
  useEffect(() => {
    const write = () => {
      if (document.visibilityState === "visible") localStorage.setItem(key, JSON.stringify({ ...visit, seenMs: Date.now() }));
    };
    write();
    const timer = setInterval(write, everyMs);
    return () => clearInterval(timer);
  }, [key, visit]);
  return {
    sinceMs: visit.beforeMs ?? openedMs - dayMs,
    isVisit: visit.beforeMs !== null,
    markSeen: () => setVisit({ beforeMs: Date.now(), seenMs: Date.now() }),
  };
}
