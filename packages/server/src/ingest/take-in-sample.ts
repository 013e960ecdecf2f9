/**
 * One sample on its way in: parsed by its check's own schema, put on the server's clock, split for storage, judged with what is
 * remembered, and noted in the batch. The hottest code of the server.
 */
import type { AnyCheck, Judge, WorkingCalendar } from "@hauswart/protocol/check.ts";
import type { Fact } from "@hauswart/protocol/sample-codec.ts";
import type { Sample } from "@hauswart/protocol/wire/messages.ts";
import type { z } from "zod";
import type { JudgedCalendar } from "../calendars/calendars-of.ts";
import type { DampingInput } from "../evaluate/damping.ts";
import { evaluate, type Change, type Outcome } from "../evaluate/evaluate.ts";
import type { FindingChange } from "../findings/finding-change.ts";
import type { CheckPlan } from "./check-layout.ts";
import type { CompiledCheck } from "./compiled-checks.ts";
import { failedMark, noDataMark, rememberedFacts, type DeviceIdentity, type DeviceMemory } from "./device-memory.ts";
import { factHash } from "./fact-hash.ts";
import { HistoryBook } from "./history-book.ts";
import { noPast } from "./judge-history.ts";
import type { SampleTime } from "./sample-time.ts";
import type { TakenBatch } from "./taken-batch.ts";

/** Text of a sample's problem that is worth keeping, characters. */
const problemLength = 500;

export interface TakeInNeeds {
  /** A judge failed: a mistake in the feature, not in the data. */
  judgeFailed(check: string, error: unknown): void;
  /** The calendar of the place where a device stands, as it holds now. */
  calendarOf(identity: DeviceIdentity): JudgedCalendar;
}

export interface SampleContext {
  readonly batch: TakenBatch;
  /** For findings that open: see FindingChange. */
  readonly noticeDueAtMs: number | null;
}

/** Takes a sample in that has a place and is no repeat. */
export function takeInSample(needs: TakeInNeeds, context: SampleContext, position: number, time: SampleTime, sample: Sample): void {
  const { device } = context.batch;
  device.noteEvidence(position, time.atMs, context.batch.receivedAtMs);
  if (sample.ok !== undefined) takeInMeasured(needs, context, device.layout.plans[position]!, position, time, sample.ok);
  else takeInUnmeasured(context, position, time, sample);
}

function takeInMeasured(
  needs: TakeInNeeds,
  context: SampleContext,
  plan: CheckPlan,
  position: number,
  time: SampleTime,
  raw: Record<string, unknown>,
): void {
  const { batch } = context;
  const parsed = plan.check.schema.safeParse(raw);
  if (!parsed.success) {
    const problem = `does not fit version ${plan.check.definition.version} of ${plan.check.definition.id}: ${problemOf(parsed.error)}`;
    batch.misfits.push({ checkNumber: batch.device.layout.numbers[position]!, problem });
    noteUnmeasured(context, position, time, { kind: "failed", code: "MESSAGE_MALFORMED", detail: problem });
    return;
  }
  const sample = onServerClock(plan.check, parsed.data, batch.device.momentOffsetMs);
  const { fact, values, entries } = plan.check.codec.split(sample);
  noteSample(batch, position, time, factNumberOf(batch, position, fact), values);
  for (const field in entries) noteEntries(batch, position, field, entries[field]!);
  judge(needs, context, plan, position, time, { sample, fact, values });
}

/** What is judged and stored, so that a replay of what is stored judges the same. A right clock costs one comparison. */
function onServerClock({ moveMoments }: CompiledCheck, sample: Record<string, unknown>, offsetMs: number): Record<string, unknown> {
  return offsetMs === 0 || !moveMoments ? sample : moveMoments(sample, -offsetMs);
}

function problemOf({ issues }: z.ZodError): string {
  return issues
    .map(({ path, message }) => `${path.map(String).join(".")}: ${message}`)
    .join("; ")
    .slice(0, problemLength);
}

/**
 * The number of a fact; a new one, and a row to write, when it is not among the last few of this instance. One that has left them is
 * never named again, so it can be forgotten: see history/forget-facts.ts.
 */
function factNumberOf({ device, facts, receivedAtMs }: TakenBatch, position: number, fact: Fact): number {
  const hash = factHash(fact);
  const known = device.get("knownFact", position);
  const knownHash = device.get("knownFactHash", position);
  if (known !== 0 && knownHash === hash) return known;
  const older = device.olderFacts?.get(position) ?? [];
  const again = older.find((other) => other.hash === hash);
  const next = Math.max(device.get("nextFact", position), 1);
  const number = again?.number ?? next;
  if (!again)
    facts.push({ checkNumber: device.layout.numbers[position]!, factNumber: number, receivedAtMs, body: JSON.stringify(fact), hash });
  if (known !== 0) {
    const oldest = (again ? next : next + 1) - rememberedFacts;
    const others = [{ hash: knownHash, number: known }, ...older].filter((other) => other !== again && other.number >= oldest);
    (device.olderFacts ??= new Map()).set(position, others);
  }
  device.set("knownFact", position, number);
  device.set("knownFactHash", position, hash);
  if (!again) device.set("nextFact", position, next + 1);
  return number;
}

function noteSample(
  { device, samples }: TakenBatch,
  position: number,
  { ageMs }: SampleTime,
  factNumber: number,
  values: readonly (number | null)[],
): void {
  samples.checkNumbers.push(device.layout.numbers[position]!);
  samples.agesMs.push(ageMs);
  samples.factNumbers.push(factNumber);
  samples.valueCounts.push(values.length);
  for (const value of values) samples.values.push(value ?? Number.NaN);
  device.set("fact", position, factNumber);
  device.setLatest(position, values);
}

function noteEntries(
  { device, entries, clockOffsetMs, receivedAtMs }: TakenBatch,
  position: number,
  field: string,
  rows: readonly { readonly at: number }[],
): void {
  for (const row of rows) {
    // Whole steps of the offset are gone already.
    const atMs = Math.max(0, Math.min(row.at - (clockOffsetMs - device.momentOffsetMs), receivedAtMs));
    entries.push({ checkNumber: device.layout.numbers[position]!, field, atMs, body: JSON.stringify(row) });
  }
}

function judge(
  needs: TakeInNeeds,
  context: SampleContext,
  plan: CheckPlan,
  position: number,
  time: SampleTime,
  {
    sample,
    fact,
    values,
  }: { sample: Record<string, unknown>; fact: Readonly<Record<string, unknown>>; values: readonly (number | null)[] },
): void {
  const { device } = context.batch;
  const { history: need } = plan.check;
  const history = need ? (device.histories ??= new HistoryBook()).get(position) : undefined;
  const { judgement: settings } = plan;
  const judged = { sample, past: history ?? noPast, at: time.atMs, calendar: calendarFor(needs, plan.check, device), settings };
  let outcome: Outcome;
  try {
    outcome = { kind: "measured", verdicts: plan.check.judge(judged) };
  } catch (error) {
    needs.judgeFailed(plan.check.definition.id, error);
    outcome = { kind: "failed", why: "NOT_JUDGED" };
  }
  noteOutcome(context, position, time, outcome, false, dampingOfSample(needs, plan, judged));
  if (need && history?.isDue(need, time.atMs)) {
    history.remember(need, plan.check.codec.describe(fact), values, time.atMs);
    device.histories!.put(position, history);
    (device.changedHistories ??= new Set()).add(position);
  }
}

/** Only what a judge has asked for is looked up: this is done for every sample. */
export function calendarFor(needs: TakeInNeeds, { definition }: CompiledCheck, device: DeviceMemory): WorkingCalendar {
  return definition.needsCalendar ? judgedCalendar(needs, device).workingTime : undeclaredCalendar;
}

/** The calendar by which a device is judged. Where another one holds meanwhile, configure-devices.ts moves it and writes that down. */
export const judgedCalendar = (needs: TakeInNeeds, device: DeviceMemory): JudgedCalendar =>
  (device.calendar ??= needs.calendarOf(device.identity));

const refuse = (): never => {
  throw new TypeError("A judge that asks for working time declares needsCalendar.");
};
/** For judges that did not ask for one. */
export const undeclaredCalendar: WorkingCalendar = { dateOf: refuse, isWorkingDay: refuse, workingDaysBetween: refuse, elapsedMs: refuse };

function takeInUnmeasured(context: SampleContext, position: number, time: SampleTime, sample: Sample): void {
  if (sample.noData !== undefined) noteUnmeasured(context, position, time, { kind: "no-data", code: null, detail: sample.noData });
  else noteUnmeasured(context, position, time, { kind: "failed", code: sample.failed ?? "COLLECT_BROKEN", detail: sample.detail ?? "" });
}

function noteUnmeasured(
  context: SampleContext,
  position: number,
  time: SampleTime,
  { kind, code, detail }: { kind: "no-data" | "failed"; code: string | null; detail: string },
): void {
  const { batch } = context;
  const before = batch.device.stateOf(position);
  noteSample(batch, position, time, kind === "no-data" ? noDataMark : failedMark, []);
  noteOutcome(context, position, time, { kind, why: code === null ? detail : [code, detail].filter(Boolean).join(": ") });
  if (batch.device.stateOf(position) === before) return;
  batch.outcomes.push({ checkNumber: batch.device.layout.numbers[position]!, atMs: time.atMs, kind, code, detail });
}

/** What the engine needs where a policy damps the check. */
export function dampingOfSample(
  needs: TakeInNeeds,
  { check, damping }: CheckPlan,
  judged: Omit<Parameters<Judge<AnyCheck>>[0], "settings">,
): DampingInput | undefined {
  if (!damping) return undefined;
  const { rule, recovery, longestStepMs } = damping;
  if (!recovery) return { rule, longestStepMs, atMs: judged.at };
  const recoveryVerdicts = () => {
    try {
      return check.judge({ ...judged, settings: recovery });
    } catch (error) {
      needs.judgeFailed(check.definition.id, error);
      return [];
    }
  };
  return { rule, longestStepMs, atMs: judged.at, recoveryVerdicts };
}

/** Moves the judged state, and says what happens to findings. */
export function noteOutcome(
  context: SampleContext,
  position: number,
  time: Pick<SampleTime, "atMs">,
  outcome: Outcome,
  isAgain = false,
  damping?: DampingInput,
): void {
  const { device, findings } = context.batch;
  const previous = device.stateOf(position);
  const plan = device.layout.plans[position]!;
  const { next, changes } = evaluate({ previous, outcome, failuresBeforeFinding: plan.failuresBeforeFinding, isAgain, damping });
  if (next !== previous) device.changeState(position, next, time.atMs);
  for (const change of changes) findings.push(toFindingChange(context, plan, position, time.atMs, change));
}

function toFindingChange(
  { batch, noticeDueAtMs }: SampleContext,
  plan: CheckPlan,
  position: number,
  atMs: number,
  change: Change,
): FindingChange {
  const { customerId, siteId, deviceId } = batch.device.identity;
  const about = {
    scope: {
      customerId,
      siteId,
      deviceId,
      check: plan.check.definition.id,
      checkNumber: batch.device.layout.numbers[position]!,
      instance: plan.instance,
    },
    code: change.code,
    subject: change.subject,
    atMs,
  };
  if (change.kind === "close") return { ...about, kind: "close", reason: change.reason, evidence: change.evidence };
  if (change.kind === "change") return { ...about, kind: "change", severity: change.severity, evidence: change.evidence };
  return { ...about, kind: "open", severity: change.severity, evidence: change.evidence, noticeDueAtMs };
}
