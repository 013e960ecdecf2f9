/** Hours of a day as people type them: "08:00–12:00, 13:00–17:00". */
import type { TimeSpan } from "@hauswart/protocol/api/calendars.ts";

export function writeSpans(spans: readonly TimeSpan[]): string {
  return spans.map(({ from, to }) => `${from}–${to}`).join(", ");
}

/** @returns undefined for what is no such text, or whose spans are empty or overlap. "9-18" is understood too. */
export function readSpans(text: string): TimeSpan[] | undefined {
  if (text.trim() === "") return [];
  const spans: TimeSpan[] = [];
  for (const part of text.split(/[,;]/)) {
    const [, from, to] = /^\s*(\d{1,2}(?:[:.]\d\d)?)\s*(?:-|–|bis|to)\s*(\d{1,2}(?:[:.]\d\d)?)\s*$/i.exec(part) ?? [];
    const [start, end] = [timeOf(from), timeOf(to)];
    if (start === undefined || end === undefined || start >= end) return undefined;
    spans.push({ from: start, to: end });
  }
  const ordered = spans.toSorted((one, other) => one.from.localeCompare(other.from));
  return ordered.every(({ from }, index) => index === 0 || ordered[index - 1]!.to <= from) ? ordered : undefined;
}

function timeOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [hours, minutes = "00"] = text.split(/[:.]/);
  const time = `${hours!.padStart(2, "0")}:${minutes}`;
  return /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(time) ? time : undefined;
}

/** Where a span lies in its day, in percent: for drawing. */
export function placeOf({ from, to }: TimeSpan): { start: number; length: number } {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const start = (minutes(from) / 1_440) * 100;
  return { start, length: (minutes(to) / 1_440) * 100 - start };
}
