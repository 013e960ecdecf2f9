/** Times as people say them: "vor 3 Minuten". The exact time stands beside it, on hover. */
import { locales, type Language } from "@hauswart/protocol/format.ts";

/** Largest unit that fits; below a minute "now". Limits in seconds. */
const steps = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

export interface Relative {
  /** "vor 3 Minuten", "in 2 Stunden". Both in Unix milliseconds. */
  ago(atMs: number, nowMs: number): string;
  /** How long it has been so: "seit 3 Minuten", "for 3 minutes". */
  since(atMs: number, nowMs: number): string;
  /** How long ago, short enough for a table cell: "vor 3 Min.". */
  agoShort(atMs: number, nowMs: number): string;
}

export function relativeFor(language: Language): Relative {
  const long = new Intl.RelativeTimeFormat(locales[language], { numeric: "auto" });
  const short = new Intl.RelativeTimeFormat(locales[language], { numeric: "always", style: "short" });
  const counted = new Intl.RelativeTimeFormat(locales[language], { numeric: "always" });
  const write = (format: Intl.RelativeTimeFormat, atMs: number, nowMs: number) => {
    const seconds = (atMs - nowMs) / 1_000;
    const step = steps.find(([, size]) => Math.abs(seconds) >= size);
    if (!step) return long.format(0, "second");
    return format.format(Math.trunc(seconds / step[1]), step[0]);
  };
  return {
    ago: (atMs, nowMs) => write(long, atMs, nowMs),
    since(atMs, nowMs) {
      const ago = write(counted, Math.min(atMs, nowMs), nowMs);
      return language === "de"
        ? ago.replace(/^vor/, "seit").replace(/^jetzt/, "seit eben")
        : ago.replace(/^(.*) ago$/, "for $1").replace(/^now/, "just now");
    },
    agoShort: (atMs, nowMs) => write(short, atMs, nowMs),
  };
}
