import { z } from "zod";

/** A moment, ISO 8601. */
export const Timestamp = z.iso.datetime({ offset: true });
/** IANA name, such as Europe/Berlin. */
export const TimeZone = z.string().max(64).refine(isTimeZone, "This is no time zone; an example is Europe/Berlin.");

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
