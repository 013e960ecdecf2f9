/** A computer's batteries. What each system has to supply: `ReadBatteries`. */
import type { Os } from "@hauswart/agent/os/os.ts";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import type { battery } from "../protocol.ts";

export type Battery = SampleOf<typeof battery>["batteries"][number];

/** Throws OsError; undefined where the system does not know of batteries at all. */
export type ReadBatteries = (os: Os) => Promise<readonly Battery[] | undefined>;

/** To a tenth, within 0 and 100: a new battery often takes more than it was made for. Null when a part is not known. */
export function share(part: number | undefined, whole: number | undefined): number | null {
  if (part === undefined || whole === undefined || whole <= 0 || part < 0) return null;
  return Math.min(100, Math.round((part / whole) * 1_000) / 10);
}

/** A whole number of 0 and more; null for anything else. */
export const count = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) && value >= 0 ? Math.round(value) : null;
