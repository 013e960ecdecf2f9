/**
 * The agent's attempts to restart services. One that takes longer than a measurement may goes on, and the next sample tells of it. Kept over
 * restarts of the agent: what was attempted, and what no sample has told of yet.
 */
import type { Memory } from "@hauswart/agent/collector.ts";
import { clip, textLimit } from "@hauswart/agent/readers/clip.ts";
import { waitAtMost } from "@hauswart/agent/readers/wait-at-most.ts";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import type { services } from "../protocol.ts";
import { recordOf, recordsFrom, withAttempt } from "./restart-record.ts";
import type { RestartResult, ServiceManager } from "./service-manager.ts";

/** An attempt that has ended, as the sample tells of it. */
export type Attempt = SampleOf<typeof services>["restarts"][number];

/** A measurement that begins attempts waits so long for them. With the second look and the reading it stays within what the host gives it. */
const waitForAttemptsMs = 22_000;
/** More are not kept while no sample can tell of them; a sample holds 200. */
const untoldLimit = 100;

/** By the service's name; each settles when its attempt has ended. */
function underWayIn({ values }: Memory): Map<string, Promise<void>> {
  const known = values.get("attempts") as Map<string, Promise<void>> | undefined;
  const attempts = known ?? new Map<string, Promise<void>>();
  values.set("attempts", attempts);
  return attempts;
}

export const isUnderWay = (memory: Memory, name: string): boolean => underWayIn(memory).has(name);

/** Attempts that ended and that no sample has told of yet, oldest first; anything that is not what was put there counts as nothing. */
export function untoldAttempts({ kept }: Memory): readonly Attempt[] {
  const { untold } = kept as { untold?: unknown };
  return Array.isArray(untold) ? untold.filter(isAttempt) : [];
}

function isAttempt(value: unknown): value is Attempt {
  const { at, service, succeeded, attemptCount, detail } = (value ?? {}) as Partial<Attempt>;
  return (
    typeof at === "number" &&
    typeof service === "string" &&
    typeof succeeded === "boolean" &&
    typeof attemptCount === "number" &&
    typeof detail === "string"
  );
}

/** A sample tells of them. */
export function forgetUntold({ kept }: Memory): void {
  delete kept["untold"];
}

/** What is called when an attempt ended that no measurement waited for any more. */
export const askWhenLate = ({ values }: Memory, changed: () => void): void => void values.set("changed", changed);

/** Begins an attempt for each of these services, and waits for them for a while. */
export async function restartAll(manager: ServiceManager, names: readonly string[], now: () => number, memory: Memory): Promise<void> {
  if (names.length === 0) return;
  const underWay = underWayIn(memory);
  for (const name of names) underWay.set(name, attempt(manager, name, now, memory));
  const begun = names.map((name) => underWay.get(name)!);
  await waitAtMost(Promise.all(begun), waitForAttemptsMs);
  const changed = memory.values.get("changed") as (() => void) | undefined;
  for (const name of names) void underWay.get(name)?.then(changed);
}

/** Never rejects. */
async function attempt(manager: ServiceManager, name: string, now: () => number, memory: Memory): Promise<void> {
  const { succeeded, detail } = await manager.restart(name).catch(failedBy);
  const at = now();
  const records = recordsFrom(memory.kept["restarts"]);
  const record = withAttempt(recordOf(records, name), succeeded, at);
  const told: Attempt = { at, service: name, succeeded, attemptCount: record.consecutive, detail: clip(detail, textLimit) };
  memory.kept["restarts"] = { ...records, [name]: record };
  memory.kept["untold"] = [...untoldAttempts(memory), told].slice(-untoldLimit);
  underWayIn(memory).delete(name);
}

const failedBy = (error: unknown): RestartResult => ({ succeeded: false, detail: error instanceof Error ? error.message : String(error) });
