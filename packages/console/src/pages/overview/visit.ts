/** When the reader was here last, so that the overview can tell what has changed since. The server keeps it, for every browser. */
import { useEffect, useRef, useState } from "react";
import { api } from "../../api/client.ts";
import { parseBefore } from "./visit-before.ts";

const dayMs = 86_400_000;
const everyMs = 60_000;

interface Visit {
  /** Since when changes are told, Unix milliseconds: the end of the visit before, a day ago at the first. */
  readonly sinceMs: number;
  readonly isVisit: boolean;
  /** Says that all of it has been seen. */
  readonly markSeen: () => void;
}

const keyOf = (accountId: string) => `hauswart-visit-before-${accountId}`;
const readBefore = (accountId: string) => parseBefore(localStorage.getItem(keyOf(accountId)));
const sinceOf = (beforeMs: number | null, openedMs: number) => beforeMs ?? openedMs - dayMs;

/** When the first overview was asked for, before it was shown; the one that is shown then asks the same. */
let askedAtMs: number | undefined;

/** For a question that goes ahead of the page. @returns since when changes are told, Unix milliseconds */
export function sinceAhead(accountId: string): number {
  askedAtMs = Date.now();
  return sinceOf(readBefore(accountId), askedAtMs);
}

function openedAt(): number {
  const atMs = askedAtMs ?? Date.now();
  askedAtMs = undefined;
  return atMs;
}

export function useVisit(accountId: string): Visit {
  const key = keyOf(accountId);
  const [openedMs] = useState(openedAt);
  const [beforeMs, setBefore] = useState(() => readBefore(accountId));
  /** Looks so far: an answer that comes after that of a later one says nothing any more. */
  const looks = useRef(0);
  const tell = (seenAll: boolean) => {
    const own = ++looks.current;
    return api("recordVisit", { body: { seenAll } }).then(
      ({ beforeAt }) => {
        if (own !== looks.current) return;
        setBefore(beforeAt === null ? null : Date.parse(beforeAt));
        localStorage.setItem(key, beforeAt === null ? "" : String(Date.parse(beforeAt)));
      },
      // The overview itself says when the server is away; the next look tells it again.
      () => undefined,
    );
  };
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") void tell(false);
    };
    look();
    const timer = setInterval(look, everyMs);
    return () => clearInterval(timer);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- one clock for each account
  }, [key]);
  return { sinceMs: sinceOf(beforeMs, openedMs), isVisit: beforeMs !== null, markSeen: () => void tell(true) };
}
