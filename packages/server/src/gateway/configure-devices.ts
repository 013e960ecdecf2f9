/** Checks of connected devices, where they stand, or the calendar they are judged by, have changed: their memories are brought in line, the agents are told, new rules hold at once. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Calendars } from "../calendars/calendars-of.ts";
import type { FindingChange } from "../findings/finding-change.ts";
import { changeLayout, startedAgain, storedJudgements } from "../ingest/change-layout.ts";
import type { CheckLayout, CheckLayouts } from "../ingest/check-layout.ts";
import type { DeviceMemory } from "../ingest/device-memory.ts";
import type { GroupCommit } from "../ingest/group-commit.ts";
import { loadAgain, type NewestFacts } from "../ingest/load-devices.ts";
import { rejudge } from "../ingest/rejudge.ts";
import type { TakeInNeeds } from "../ingest/take-in-sample.ts";
import { moveCalendar, noteChangedSettings, noteSettings, positionsOf, settingsByNumber } from "../ingest/settings-periods.ts";
import { batchWithoutMessage } from "../ingest/taken-batch.ts";
import type { Services } from "../services.ts";
import type { Care } from "./care.ts";
import { openConfigurations, type Configurations } from "./configured-secrets.ts";
import { Desk } from "./desk.ts";

const mostPerRound = 500;
const retryAfterMs = 1_000;
/** Until then a commit that is under way is over. */
const lookAgainMs = 100;

export interface ConfigureNeeds {
  readonly services: Services;
  readonly layouts: CheckLayouts;
  readonly care: Care;
  readonly commits: GroupCommit;
  readonly takeIn: TakeInNeeds;
}

/** Takes ids of devices whose checks or site have changed. */
export function configureDesk(needs: ConfigureNeeds): Desk<Id> {
  const desk: Desk<Id> = new Desk<Id>({
    most: mostPerRound,
    retryAfterMs,
    work: async (ids) => {
      const unclear = await configure(needs, ids);
      if (unclear.length > 0) setTimeout(() => unclear.forEach((id) => desk.add(id)), lookAgainMs).unref();
    },
    failed: (ids, error) => {
      needs.services.log.warn("changed checks could not be loaded; it is tried again", { devices: ids.length, error });
      return ids;
    },
  });
  return desk;
}

/** @returns devices that are to be looked at once more when what they said is stored */
async function configure(needs: ConfigureNeeds, ids: readonly Id[]): Promise<Id[]> {
  const unclear: Id[] = [];
  const devices = [...new Set(ids)].flatMap((id) => needs.care.linkOf(id)?.device ?? []);
  for (const [providerId, own] of Map.groupBy(devices, ({ identity }) => identity.providerId)) {
    const stored = new Map(own.map((device) => [device.identity.deviceId, storedJudgements(device)]));
    const loaded = await needs.services.database.transaction({ providerId, customers: "*" }, (tx) =>
      loadAgain(tx, needs.layouts, providerId, own),
    );
    const configurations = await openConfigurations(
      needs.services,
      providerId,
      loaded.map(({ fresh }) => fresh.layout),
    );
    const byId = new Map(own.map((device) => [device.identity.deviceId, device]));
    for (const { fresh, facts } of loaded) {
      const { deviceId } = fresh.identity;
      const device = byId.get(deviceId)!;
      const { again, isCertain } = startedAgain(device, fresh, stored.get(deviceId)!);
      if (!isCertain) unclear.push(deviceId);
      configureDevice(needs, device, { fresh, facts, again }, configurations);
    }
  }
  return unclear;
}

function configureDevice(
  { services, care, commits, takeIn }: ConfigureNeeds,
  device: DeviceMemory,
  { fresh, facts, again }: { readonly fresh: DeviceMemory; readonly facts: NewestFacts; readonly again: readonly number[] },
  configurations: Configurations,
): void {
  // Another connection may have taken over while this was loaded; it has loaded the same.
  const link = care.linkWith(device);
  if (!link || device.isForgotten) return;
  const before = device.layout.configure().revision;
  const changes = batchWithoutMessage(device, services.clock.now());
  changes.findings.push(...findingsOfEnded(device, fresh.layout, again, services.clock.now()));
  device.identity = fresh.identity;
  const moved = moveCalendar(takeIn, device).filter((number) => !again.includes(number));
  noteSettings(takeIn, changes);
  const settings = settingsByNumber(device);
  for (const number of again) settings.delete(number);
  const judgedAnew = new Set([...changeLayout(device, fresh, again), ...positionsOf(device, moved)]);
  if (device.layout.configure().revision !== before) link.send(configurations(device.layout));
  // What starts is measured at once; this agent has not heard of an end.
  if (again.length > 0) link.send({ type: "measure-now", checks: [...again] });
  noteChangedSettings(takeIn, changes, settings, moved, rejudge(takeIn, changes, [...judgedAnew], facts));
  if (changes.findings.length > 0 || changes.periods.length > 0 || device.changedStates) commits.add(changes);
}

/**
 * Closes what is open for checks that are no longer run, or have started again. Policies have done that already; but a message
 * that was judged before and is committed after them may have opened it again.
 */
function findingsOfEnded(device: DeviceMemory, layout: CheckLayout, again: readonly number[], atMs: number): FindingChange[] {
  const { customerId, siteId, deviceId } = device.identity;
  return device.layout.plans.flatMap((plan, position) => {
    const number = device.layout.numbers[position]!;
    if (layout.positionOf(number) !== -1 && !again.includes(number)) return [];
    const scope = { customerId, siteId, deviceId, check: plan.check.definition.id, checkNumber: number, instance: plan.instance };
    const open = device.stateOf(position).bad.filter((subject) => subject.open);
    return open.map(({ code, subject }): FindingChange => ({
      kind: "close",
      scope,
      code,
      subject,
      reason: "check-ended",
      evidence: null,
      atMs,
    }));
  });
}

/** Whether a device of this provider has a check that is judged by another calendar than holds for its place now. */
export function isJudgedOtherwise({ identity, layout, calendar }: DeviceMemory, providerId: Id, calendars: Calendars): boolean {
  return (
    identity.providerId === providerId &&
    layout.plans.some(({ check }) => check.definition.needsCalendar) &&
    calendars.judged(identity).key !== calendar?.key
  );
}
