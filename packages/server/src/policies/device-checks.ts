/** Compares what a device shall run with the rows it has, and says what has to be written. Pure. */
import { isDeepStrictEqual } from "node:util";
import type { Damping } from "../evaluate/damping.ts";
import type { CheckRegistry } from "../services.ts";
import { tooManyChecks } from "./agent-limits.ts";
import type { DesiredCheck } from "./resolve.ts";

/** A row of check_instance, as far as policies decide it. */
export interface CheckRow {
  readonly number: number;
  readonly check_id: string;
  readonly instance: string;
  readonly enabled: boolean;
  readonly every_seconds: number;
  readonly daily_at_hour: number | null;
  readonly failures_before_finding: number;
  readonly damping: Damping;
  readonly selection: Readonly<Record<string, unknown>>;
  readonly selection_version: number;
  readonly judgement: Readonly<Record<string, unknown>>;
  readonly sources: Readonly<Record<string, unknown>>;
  readonly unknown_reason: string | null;
}

/** What comes of one comparison. */
export interface CheckChanges {
  readonly inserts: readonly CheckRow[];
  readonly updates: readonly CheckRow[];
  /** Numbers of checks that ran until now and do so no more. */
  readonly ended: readonly number[];
  /** Whether the agent has to be told. */
  readonly agentConcerned: boolean;
  readonly nextNumber: number;
}

/** Sample versions by check id that an agent said it can run; empty while it has not said so yet. */
export type AgentChecks = Readonly<Record<string, number>>;

/** Why a check that is on does not run: the agent cannot do it. Such a row is not `enabled`, but shown. */
export const agentTooOld = "agent-too-old";

/** The reasons of rows that are on and do not run. */
export const reasonsNotToRun: readonly string[] = [agentTooOld, tooManyChecks];

/** Highest number of a check instance: the column is a smallint, and numbers are never used twice. */
const highestNumber = 32_767;

/** Whether an agent can run a check. An agent that has not yet said what it can do is trusted to. */
export function agentRuns(checks: CheckRegistry, agentChecks: AgentChecks, check: string): boolean {
  const definition = checks.get(check)?.definition;
  if (!definition) return false;
  return Object.keys(agentChecks).length === 0 || (agentChecks[check] ?? 0) >= (definition.readsFrom ?? definition.version);
}

/** Compares rows and wishes of one device. Errors: RangeError when the device has no number left. */
export function compareChecks(
  checks: CheckRegistry,
  agentChecks: AgentChecks,
  rows: readonly CheckRow[],
  desired: readonly DesiredCheck[],
  nextNumber: number,
): CheckChanges {
  const present = new Map(rows.map((row) => [keyOf(row.check_id, row.instance), row]));
  const inserts: CheckRow[] = [];
  const updates: CheckRow[] = [];
  const wanted = new Set<string>();
  let next = nextNumber;
  for (const wish of desired) {
    const key = keyOf(wish.check, wish.instance);
    wanted.add(key);
    const row = present.get(key);
    if (!row && !wish.enabled) continue;
    if (!row && next > highestNumber) throw new RangeError("This device has used up all numbers for its checks; enrol it anew.");
    const target = rowOf(wish, row, agentRuns(checks, agentChecks, wish.check), row?.number ?? next++);
    if (!row) inserts.push(target);
    else if (!isDeepStrictEqual(target, pickCheckRow(row))) updates.push(target);
  }
  for (const row of rows) {
    if (wanted.has(keyOf(row.check_id, row.instance)) || (!row.enabled && !reasonsNotToRun.includes(row.unknown_reason ?? ""))) continue;
    updates.push({ ...pickCheckRow(row), enabled: false, unknown_reason: null });
  }
  const before = new Map(rows.map((row) => [row.number, row]));
  return {
    inserts,
    updates,
    ended: updates.filter((row) => before.get(row.number)!.enabled && !row.enabled).map(({ number }) => number),
    agentConcerned: inserts.some(({ enabled }) => enabled) || updates.some((row) => concernsAgent(before.get(row.number)!, row)),
    nextNumber: next,
  };
}

const keyOf = (check: string, instance: string) => `${check}\n${instance}`;

function rowOf(wish: DesiredCheck, row: CheckRow | undefined, runs: boolean, number: number): CheckRow {
  const enabled = wish.enabled && runs && !wish.doesNotFit;
  const selectionChanged = row !== undefined && !isDeepStrictEqual(row.selection, wish.selection);
  return {
    number,
    check_id: wish.check,
    instance: wish.instance,
    enabled,
    every_seconds: wish.everySeconds,
    daily_at_hour: wish.dailyAtHour,
    failures_before_finding: wish.failuresBeforeFinding,
    damping: wish.damping,
    selection: wish.selection,
    selection_version: (row?.selection_version ?? 1) + (selectionChanged ? 1 : 0),
    judgement: wish.judgement,
    sources: wish.sources,
    unknown_reason: reasonOf(wish, enabled, row),
  };
}

/** A check that starts, or starts again, has never been measured; one that runs on keeps its reason. */
function reasonOf(wish: DesiredCheck, enabled: boolean, row: CheckRow | undefined): string | null {
  if (!wish.enabled) return null;
  if (wish.doesNotFit) return tooManyChecks;
  if (!enabled) return agentTooOld;
  return row?.enabled ? row.unknown_reason : "never-measured";
}

function concernsAgent(before: CheckRow, after: CheckRow): boolean {
  if (before.enabled !== after.enabled) return true;
  return (
    after.enabled &&
    (before.every_seconds !== after.every_seconds ||
      before.daily_at_hour !== after.daily_at_hour ||
      before.selection_version !== after.selection_version)
  );
}

/** Exactly the compared columns, whatever else the row carries. */
export function pickCheckRow(row: CheckRow): CheckRow {
  const {
    number,
    check_id,
    instance,
    enabled,
    every_seconds,
    daily_at_hour,
    failures_before_finding,
    damping,
    selection,
    selection_version,
    judgement,
    sources,
    unknown_reason,
  } = row;
  return {
    number,
    check_id,
    instance,
    enabled,
    every_seconds,
    daily_at_hour,
    failures_before_finding,
    damping,
    selection,
    selection_version,
    judgement,
    sources,
    unknown_reason,
  };
}
