/** How numbers and moments are written for a reader; made once per language and time zone, because making one costs a millisecond. */
import { formatFor, type Format, type Language } from "@hauswart/protocol/format.ts";

const formats = new Map<string, Format>();

/**
 * @param timeZone IANA name; the server's own when left out. What is none gives way to the house's usual one: an alarm with times
 *   of another zone is better than none.
 */
export function formatIn(language: Language, timeZone?: string): Format {
  const key = `${language} ${timeZone ?? ""}`;
  const known = formats.get(key);
  if (known) return known;
  try {
    const format = formatFor(language, timeZone);
    formats.set(key, format);
    return format;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return formatIn(language, "Europe/Berlin");
  }
}
