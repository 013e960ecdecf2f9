/** What the agent remembers of the computer's starts, over its own restarts. Pure. */
import type { SampleOf } from "@hauswart/protocol/check.ts";
import type { uptime } from "../protocol.ts";
import type { Boot } from "./boot.ts";

export type LastRestart = SampleOf<typeof uptime>["lastRestart"];

export interface BootRecord {
  readonly bootId: string;
  readonly bootedAt: number;
  readonly lastRestart: LastRestart;
}

const restarts: readonly LastRestart[] = ["none-seen", "orderly", "unexpected", "undetermined"];
/** The clock's rounding moves the computed start by this much. */
const sameStartMs = 2_000;
/** So long after a start the system may still be writing down how the run before ended. */
const settledSeconds = 15 * 60;

/** What the host kept; undefined for anything that is not what was put there. */
export function recordFrom(kept: unknown): BootRecord | undefined {
  const { bootId, bootedAt, lastRestart } = (kept ?? {}) as Partial<BootRecord>;
  if (typeof bootId !== "string" || typeof bootedAt !== "number" || !restarts.includes(lastRestart as LastRestart)) return undefined;
  return {
    bootId,
    bootedAt,
    lastRestart: lastRestart as LastRestart,
  };
}

/** Whether it has to be found out how the run before this one ended. */
export function isToBeFoundOut(record: BootRecord | undefined, boot: Boot): boolean {
  if (!record) return false;
  if (record.bootId !== boot.id) return true;
  return record.lastRestart === "undetermined" && boot.uptimeSeconds < settledSeconds;
}

/**
 * @param found how the run before ended, when that was asked; undefined otherwise.
 */
export function updateRecord(record: BootRecord | undefined, boot: Boot, found: LastRestart | undefined): BootRecord {
  const sameRun = record?.bootId === boot.id ? record : undefined;
  return {
    bootId: boot.id,
    bootedAt: sameRun && Math.abs(sameRun.bootedAt - boot.bootedAt) <= sameStartMs ? sameRun.bootedAt : boot.bootedAt,
    lastRestart: found ?? sameRun?.lastRestart ?? "none-seen",
  };
}
