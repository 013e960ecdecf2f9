/** Moments as Windows and products on it write them. All answers are Unix time in milliseconds; null for what is none. */
import type { RegistryValue, WmiValue } from "@hauswart/agent/os/windows/calls.ts";

/** CIM's form: 20261122071113.000000+060, the last in minutes from UTC. */
export function fromCimTime(value: WmiValue | undefined): number | null {
  const [, year, month, day, hour, minute, second, sign, zone] =
    /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})\.\d{6}([+-])(\d{3})$/.exec(typeof value === "string" ? value : "") ?? [];
  if (year === undefined) return null;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return at - Number(zone) * 60_000 * (sign === "-" ? -1 : 1);
}

/** A day such as 2026-11-22, 2026/11/22 or 20261122; noon of it in UTC, so that it is nowhere the day before or after. */
export function fromDay(value: RegistryValue | undefined): number | null {
  const [, year, month, day] =
    /(?:^|\D)(20\d{2})[-/]?(\d{2})[-/]?(\d{2})(?:\D|$)/.exec(typeof value === "string" ? value : String(value ?? "")) ?? [];
  return year === undefined ? null : Date.UTC(Number(year), Number(month) - 1, Number(day), 12);
}

/** Seconds since 1970. */
export function fromUnixSeconds(value: RegistryValue | undefined): number | null {
  const seconds = typeof value === "number" || typeof value === "bigint" ? Number(value) : 0;
  return seconds > 0 ? seconds * 1_000 : null;
}
