/** Days and months in words. They are those of a place, so no time zone moves them. */
import { locales, type Language } from "@hauswart/protocol/format.ts";

const forms = {
  /** Fr., 20.11. */
  short: { weekday: "short", day: "2-digit", month: "2-digit" },
  /** Fr., 20.11.2026 */
  shortOfYear: { weekday: "short", day: "2-digit", month: "2-digit", year: "numeric" },
  /** 20.11.2026 */
  date: { dateStyle: "medium" },
  /** Freitag, 20. November 2026 */
  long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  /** November 2026 */
  month: { month: "long", year: "numeric" },
  /** Nov */
  shortMonth: { month: "short" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** @param day YYYY-MM-DD, or YYYY-MM where only its month is written. */
type DayWriter = (day: string) => string;

export type WriteDay = Readonly<Record<keyof typeof forms, DayWriter>>;

export function writeDayFor(language: Language): WriteDay {
  const writer = (options: Intl.DateTimeFormatOptions): DayWriter => {
    // Making a format costs a hundred times what writing a day does, and most pages need none.
    let format: Intl.DateTimeFormat | undefined;
    return (day) => {
      format ??= new Intl.DateTimeFormat(locales[language], { ...options, timeZone: "UTC" });
      return format.format(Date.parse(day));
    };
  };
  return Object.fromEntries(Object.entries(forms).map(([form, options]) => [form, writer(options)])) as unknown as WriteDay;
}
