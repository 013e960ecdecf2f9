/** Writes one group commit. The link rows decide: one of another epoch belongs to another connection, and nothing may be written for it here. */
import type { Id } from "@hauswart/protocol/ids.ts";
import {
  byteaArray,
  float8Array,
  int2Array,
  int4Array,
  int8Array,
  textArray,
  timestampArray,
  uuidArray,
} from "../database/binary-arrays.ts";
import type { Tx } from "../database/database.ts";
import { forgetDeviceStates } from "../devices/device-states.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import type { Services } from "../services.ts";
import type { DeviceCommit } from "./commit.ts";
import * as statements from "./commit-statements.ts";
import { hashToBytes } from "./content-hash.ts";
import { concatenate, limits } from "./columns.ts";
import { misfitsToQuarantine, quarantineMessages } from "./quarantine.ts";
import type { TakenBatch } from "./taken-batch.ts";

/** Who stands in the history of findings that evidence opened. */
const actor = { kind: "system", id: "ingest", name: "ingest" } as const;

/** Nothing was written, because these devices were taken over by another connection. */
export class OutdatedEpochs extends Error {
  readonly commits: ReadonlySet<DeviceCommit>;
  constructor(commits: ReadonlySet<DeviceCommit>) {
    super("devices were taken over by another connection");
    this.name = "OutdatedEpochs";
    this.commits = commits;
  }
}

/**
 * Writes all or nothing. No statement waits for the answer of another, so the whole commit is one journey to the database.
 * @throws OutdatedEpochs
 */
export async function writeCommit(
  tx: Tx,
  services: Pick<Services, "bus">,
  providerId: Id,
  commits: readonly DeviceCommit[],
): Promise<void> {
  const batches = commits.flatMap((commit) => commit.batches);
  const misfits = misfitsToQuarantine(batches);
  const findings = batches.flatMap((batch) => batch.findings);
  const [moved] = await Promise.all([
    moveLinks(tx, providerId, commits),
    writePeriods(tx, providerId, batches),
    writeFacts(tx, providerId, batches),
    writeBatches(tx, providerId, batches),
    writeOutcomes(tx, providerId, batches),
    writeEntries(tx, providerId, batches),
    writeStates(tx, providerId, commits),
    forgetDeviceStates(
      tx,
      providerId,
      commits.filter(({ isStateOld }) => isStateOld).map(({ device }) => device.identity.deviceId),
    ),
    writeHistories(tx, providerId, commits),
    misfits.length > 0 && quarantineMessages(tx, providerId, misfits),
    findings.length > 0 && applyFindingChanges(tx, services, { providerId, actor }, findings),
  ]);
  if (moved.size < commits.length) throw new OutdatedEpochs(new Set(commits.filter(({ device }) => !moved.has(device.identity.deviceId))));
}

async function moveLinks(tx: Tx, providerId: Id, commits: readonly DeviceCommit[]): Promise<Set<Id>> {
  const newest = commits.map(({ batches }) => batches.at(-1)!);
  const links = commits.map(({ link }) => link);
  const rows = await tx.sql<{ device_id: Id }>(statements.moveLinks, [
    providerId,
    uuidArray(commits.map(({ device }) => device.identity.deviceId)),
    int8Array(commits.map(({ device }) => device.epoch)),
    uuidArray(newest.map(({ streamId }) => streamId)),
    int8Array(newest.map(({ sequence }) => sequence)),
    byteaArray(newest.map(({ hash }) => hashToBytes(hash))),
    timestampArray(newest.map(({ receivedAtMs }) => receivedAtMs)),
    float8Array(newest.map(({ clockOffsetMs }) => clockOffsetMs)),
    ...limits(links.map(({ checkNumbers }) => checkNumbers)).map(int4Array),
    ...limits(links.map(({ latest }) => latest)).map(int4Array),
    int2Array(concatenate(links.map(({ checkNumbers }) => checkNumbers))),
    timestampArray(concatenate(links.map(({ evidenceAtMs }) => evidenceAtMs))),
    int4Array(concatenate(links.map(({ factNumbers }) => factNumbers))),
    int2Array(concatenate(links.map(({ valueCounts }) => valueCounts))),
    float8Array(concatenate(links.map(({ latest }) => latest))),
  ]);
  return new Set(rows.map(({ device_id }) => device_id));
}

/** Each item of the batches, with its batch. */
function items<Item>(batches: readonly TakenBatch[], of: (batch: TakenBatch) => readonly Item[]) {
  const rows: { item: Item; batch: TakenBatch; customerId: Id; deviceId: Id }[] = [];
  for (const batch of batches) {
    const { customerId, deviceId } = batch.device.identity;
    for (const item of of(batch)) rows.push({ item, batch, customerId, deviceId });
  }
  return rows;
}

async function writeFacts(tx: Tx, providerId: Id, batches: readonly TakenBatch[]): Promise<void> {
  const rows = items(batches, ({ facts }) => facts);
  if (rows.length === 0) return;
  await tx.sql(statements.insertFacts, [
    providerId,
    uuidArray(rows.map(({ customerId }) => customerId)),
    uuidArray(rows.map(({ deviceId }) => deviceId)),
    int2Array(rows.map(({ item }) => item.checkNumber)),
    int4Array(rows.map(({ item }) => item.factNumber)),
    timestampArray(rows.map(({ item }) => item.receivedAtMs)),
    textArray(rows.map(({ item }) => item.body)),
    int8Array(rows.map(({ item }) => item.hash)),
  ]);
}

async function writeBatches(tx: Tx, providerId: Id, all: readonly TakenBatch[]): Promise<void> {
  const batches = all.filter(({ samples }) => samples.checkNumbers.length > 0);
  if (batches.length === 0) return;
  const samples = batches.map((batch) => batch.samples);
  await tx.sql(statements.insertBatches, [
    providerId,
    uuidArray(batches.map(({ device }) => device.identity.customerId)),
    uuidArray(batches.map(({ device }) => device.identity.deviceId)),
    timestampArray(batches.map(({ receivedAtMs }) => receivedAtMs)),
    uuidArray(batches.map(({ streamId }) => streamId)),
    int8Array(batches.map(({ sequence }) => sequence)),
    int8Array(batches.map(({ clockOffsetMs }) => clockOffsetMs)),
    ...limits(samples.map(({ checkNumbers }) => checkNumbers)).map(int4Array),
    ...limits(samples.map(({ values }) => values)).map(int4Array),
    int2Array(concatenate(samples.map(({ checkNumbers }) => checkNumbers))),
    int4Array(concatenate(samples.map(({ agesMs }) => agesMs))),
    int4Array(concatenate(samples.map(({ factNumbers }) => factNumbers))),
    int2Array(concatenate(samples.map(({ valueCounts }) => valueCounts))),
    float8Array(concatenate(samples.map(({ values }) => values))),
  ]);
}

async function writeOutcomes(tx: Tx, providerId: Id, batches: readonly TakenBatch[]): Promise<void> {
  const rows = items(batches, ({ outcomes }) => outcomes);
  if (rows.length === 0) return;
  await tx.sql(statements.insertOutcomes, [
    providerId,
    uuidArray(rows.map(({ customerId }) => customerId)),
    uuidArray(rows.map(({ deviceId }) => deviceId)),
    int2Array(rows.map(({ item }) => item.checkNumber)),
    timestampArray(rows.map(({ item }) => item.atMs)),
    textArray(rows.map(({ item }) => item.kind)),
    textArray(rows.map(({ item }) => item.code)),
    textArray(rows.map(({ item }) => item.detail)),
  ]);
}

async function writeEntries(tx: Tx, providerId: Id, batches: readonly TakenBatch[]): Promise<void> {
  const rows = items(batches, ({ entries }) => entries);
  if (rows.length === 0) return;
  await tx.sql(statements.insertEntries, [
    providerId,
    uuidArray(rows.map(({ customerId }) => customerId)),
    uuidArray(rows.map(({ deviceId }) => deviceId)),
    timestampArray(rows.map(({ batch }) => batch.receivedAtMs)),
    int2Array(rows.map(({ item }) => item.checkNumber)),
    textArray(rows.map(({ item }) => item.field)),
    timestampArray(rows.map(({ item }) => item.atMs)),
    textArray(rows.map(({ item }) => item.body)),
  ]);
}

async function writeStates(tx: Tx, providerId: Id, commits: readonly DeviceCommit[]): Promise<void> {
  const rows = commits.flatMap(({ device, states }) => states.map((row) => ({ ...row, deviceId: device.identity.deviceId })));
  if (rows.length === 0) return;
  await tx.sql(statements.updateStates, [
    providerId,
    uuidArray(rows.map(({ deviceId }) => deviceId)),
    int2Array(rows.map(({ checkNumber }) => checkNumber)),
    textArray(rows.map(({ state }) => state.state)),
    textArray(rows.map(({ state }) => state.unknownReason)),
    textArray(rows.map(({ state }) => state.unknownDetail)),
    timestampArray(rows.map(({ sinceMs }) => sinceMs)),
    textArray(rows.map(({ state }) => JSON.stringify(state.bad))),
  ]);
}

/** Settings and calendars that many devices have are sent once. */
async function writePeriods(tx: Tx, providerId: Id, batches: readonly TakenBatch[]): Promise<void> {
  const rows = items(batches, ({ periods }) => periods);
  if (rows.length === 0) return;
  const plans = [...new Map(rows.map(({ item: { plan } }) => [plan.settingsKey, plan])).values()];
  const settings = plans.map((plan) => ({
    settings_key: plan.settingsKey,
    check_id: plan.check.definition.id,
    instance: plan.instance,
    every_seconds: plan.everySeconds,
    daily_at_hour: plan.dailyAtHour,
    failures_before_finding: plan.failuresBeforeFinding,
    judgement: plan.judgement,
    damping: plan.damping?.rule ?? {},
  }));
  const calendars = [...new Map(rows.flatMap(({ item: { calendar } }) => (calendar ? [[calendar.key, calendar] as const] : []))).values()];
  await Promise.all([
    calendars.length > 0 &&
      tx.sql(statements.insertCalendars, [providerId, JSON.stringify(calendars.map(({ key, definition }) => ({ key, definition })))]),
    tx.sql(statements.insertSettings, [providerId, JSON.stringify(settings)]),
    tx.sql(statements.insertPeriods, [
      providerId,
      uuidArray(rows.map(({ customerId }) => customerId)),
      uuidArray(rows.map(({ deviceId }) => deviceId)),
      int2Array(rows.map(({ item }) => item.checkNumber)),
      textArray(rows.map(({ item: { afterMs } }) => (Number.isNaN(afterMs) ? null : new Date(afterMs).toISOString()))),
      textArray(rows.map(({ item }) => item.plan.settingsKey)),
      textArray(rows.map(({ item }) => item.calendar?.key ?? null)),
      textArray(rows.map(({ item }) => item.kind)),
    ]),
  ]);
}

async function writeHistories(tx: Tx, providerId: Id, commits: readonly DeviceCommit[]): Promise<void> {
  const rows = commits.flatMap(({ device, histories }) => histories.map((row) => ({ ...row, ...device.identity })));
  if (rows.length === 0) return;
  const stored = rows.map((row) => row.stored);
  await tx.sql(statements.upsertHistories, [
    providerId,
    uuidArray(rows.map(({ customerId }) => customerId)),
    uuidArray(rows.map(({ deviceId }) => deviceId)),
    int2Array(rows.map(({ checkNumber }) => checkNumber)),
    ...limits(stored.map(({ fields }) => fields)).map(int4Array),
    ...limits(stored.map(({ times }) => times)).map(int4Array),
    ...limits(stored.map(({ values }) => values)).map(int4Array),
    textArray(stored.flatMap(({ fields }) => fields)),
    textArray(stored.flatMap(({ subjects }) => subjects)),
    int8Array(concatenate(stored.map(({ times }) => times))),
    float8Array(concatenate(stored.map(({ values }) => values))),
  ]);
}
