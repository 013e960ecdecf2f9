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

// Making a format costs a hundred times what writing a day does.
const made = new Map<string, DayWriter>();

/** The same writer for the same language and form. */
export function dayWriter(language: Language, form: keyof typeof forms): DayWriter {
  const key = `${language} ${form}`;
  const before = made.get(key);
  if (before) return before;
  const format = new Intl.DateTimeFormat(locales[language], { ...forms[form], timeZone: "UTC" });
  const write: DayWriter = (day) => format.format(Date.parse(day));
  made.set(key, write);
  return write;
}
