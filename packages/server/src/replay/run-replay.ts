/** Works a replay off: reads some devices at a time, has them judged elsewhere, and adds up what comes back. */
import type { ReplayResult } from "@hauswart/protocol/api/policy-replay.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Database, Tenant, Tx } from "../database/database.ts";
import type { Calendars } from "../calendars/calendars-of.ts";
import type { CompiledCheck } from "../ingest/compiled-checks.ts";
import { dayMs } from "../history/hours.ts";
import { candidatesOf } from "./candidates.ts";
import { noCalendars, readHeldCalendars } from "./held-calendars.ts";
import { readQuiet } from "./read-quiet.ts";
import { readStored } from "./read-stored.ts";
import type { DeviceOutcome, ReplaySpec } from "./replay-device.ts";
import type { PlannedDevice, PlannedGroup } from "./replay-plan.ts";
import { makeTotals, type Totals } from "./replay-totals.ts";
import type { TimeRange } from "./stored-days.ts";
import type { Replayer } from "./replayer.ts";

/** Devices whose samples are in memory at one time: about 30 days of 25 devices are some 4 MB. */
const devicesPerRound = 25;
/** One round is judged while the next one is read. */
const roundsUnderWay = 2;

export interface RunReplayInput {
  readonly database: Pick<Database, "transaction">;
  readonly tenant: Tenant;
  readonly check: CompiledCheck;
  readonly groups: readonly PlannedGroup[];
  /** Unix milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly replayer: Replayer;
  /** As they hold now, for devices of which nobody wrote down what held. Asked for by checks that need it. */
  readonly calendars: Calendars;
  /** Told after each round. Returns whether to go on. */
  progress(devicesDone: number): Promise<boolean>;
}

/** @returns undefined when it was given up. Rejects when the database or the replayer fails. */
export async function runReplay(input: RunReplayInput): Promise<ReplayResult | undefined> {
  const { groups, fromMs, toMs } = input;
  const totals = makeTotals(groups, { fromMs, toMs });
  let done = 0;
  const underWay: Promise<void>[] = [];
  for (const { spec, group, devices } of roundsOf(input)) {
    const { stored, held, quiet } = await input.database.transaction(input.tenant, (tx) => readRound(tx, input, devices, spec.range));
    const instances = stored.map((instance) => ({
      stored: instance,
      spans: held.spansOf.get(instance.deviceId) ?? [],
      quiet: quiet.get(instance.deviceId) ?? [],
    }));
    const judged = input.replayer.replay({ check: input.check.definition.id, spec, calendars: held.definitions, instances });
    const added = judged.then((outcomes) => addOutcomes(totals, group, devices, outcomes));
    // It is awaited later; until then a failure would count as one that nobody handles.
    added.catch(() => undefined);
    underWay.push(added);
    if (underWay.length < roundsUnderWay) continue;
    await underWay.shift();
    done += devices.length;
    if (!(await input.progress(done))) {
      await Promise.allSettled(underWay);
      return undefined;
    }
  }
  await Promise.all(underWay);
  return totals.present();
}

async function readRound(tx: Tx, { check, calendars, tenant }: RunReplayInput, devices: readonly PlannedDevice[], range: TimeRange) {
  const stored = await readStored(tx, tenant.providerId, devices, range);
  const held = check.definition.needsCalendar ? await readHeldCalendars(tx, tenant.providerId, devices, calendars) : noCalendars;
  const deviceIds = devices.map(({ deviceId }) => deviceId);
  return { stored, held, quiet: await readQuiet(tx, tenant.providerId, deviceIds, range) };
}

function addOutcomes(totals: Totals, group: PlannedGroup, devices: readonly PlannedDevice[], outcomes: readonly DeviceOutcome[]): void {
  const byId = new Map<Id, PlannedDevice>(devices.map((device) => [device.deviceId, device]));
  for (const outcome of outcomes) totals.add(group, byId.get(outcome.deviceId)!, outcome);
}

function* roundsOf({ groups, check, fromMs, toMs }: RunReplayInput) {
  // What was open when the time begins shows in the samples before it, and so does what the judge looks back on.
  const warmUpMs = Math.max(dayMs, check.history?.keepMs ?? 0);
  for (const group of groups) {
    const { draft, now, devices } = group;
    const candidates = candidatesOf(check, draft.everySeconds, draft.judgement, draft.damping);
    const spec: ReplaySpec = { draft, now, candidates, range: { fromMs: fromMs - warmUpMs, toMs }, countFromMs: fromMs };
    for (let first = 0; first < devices.length; first += devicesPerRound)
      yield { spec, group, devices: devices.slice(first, first + devicesPerRound) };
  }
}
