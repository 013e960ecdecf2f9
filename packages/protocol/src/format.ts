/**
 * Numbers, amounts and times as people write them, per language. The one place that knows, used by console, mail and report.
 */
export type Language = "de" | "en";
export const languages = ["de", "en"] as const;

export interface Format {
  readonly language: Language;
  /** 12.3 GB; powers of 1,000, as file managers of today and disk makers count. */
  bytes(value: number): string;
  /** 4 %; one digit after the point below 10. */
  percent(value: number): string;
  number(value: number, digits?: number): string;
  /** 95.00 EUR as the language writes it. @param cents hundredths of the currency, ISO 4217 */
  money(cents: number, currency: string): string;
  /** 3 minutes, 2 hours, 5 days: the largest unit that fits. */
  duration(seconds: number): string;
  /** 3 minutes ago: the largest unit that fits; what is less than a second ago or still to come counts as a second ago. */
  ago(seconds: number): string;
  /** Day and time in the given time zone. */
  dateTime(atMs: number): string;
  time(atMs: number): string;
}

/** How a language writes dates and numbers, BCP 47. */
export const locales: Readonly<Record<Language, string>> = { de: "de-DE", en: "en-GB" };
const byteUnits = ["B", "kB", "MB", "GB", "TB", "PB"] as const;
const durationUnits = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

const durationUnit = (seconds: number) => durationUnits.find(([, size]) => Math.abs(seconds) >= size) ?? (["second", 1] as const);

/**
 * @param timeZone IANA name, such as Europe/Berlin; the runtime's own when left out.
 */
export function formatFor(language: Language, timeZone?: string): Format {
  const locale = locales[language];
  // Making a number format costs a hundred times what writing a number does.
  const numbers = new Map<number, Intl.NumberFormat>();
  const number = (value: number, digits = 0) => {
    const writer = numbers.get(digits) ?? new Intl.NumberFormat(locale, { maximumFractionDigits: digits });
    numbers.set(digits, writer);
    return writer.format(value);
  };
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "always" });
  const times = new Intl.DateTimeFormat(locale, { timeStyle: "short", timeZone });
  return {
    language,
    number,
    bytes(value) {
      let rest = value;
      let unit = 0;
      while (Math.abs(rest) >= 999.5 && unit < byteUnits.length - 1) {
        rest /= 1_000;
        unit++;
      }
      return `${number(rest, unit > 0 && Math.abs(rest) < 99.5 ? 1 : 0)} ${byteUnits[unit]}`;
    },
    money: (cents, currency) => new Intl.NumberFormat(locale, { style: "currency", currency }).format(cents / 100),
    percent: (value) => `${number(value, Math.abs(value) < 10 ? 1 : 0)} %`,
    duration(seconds) {
      const [unit, size] = durationUnit(seconds);
      return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 }).format(seconds / size);
    },
    ago(seconds) {
      const [unit, size] = durationUnit(seconds);
      return relative.format(-Math.max(1, Math.round(seconds / size)), unit);
    },
    dateTime: (atMs) => dates.format(atMs),
    time: (atMs) => times.format(atMs),
  };
}
