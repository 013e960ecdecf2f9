/**
 * Rolls finished hours up. Which hours are to be done follows from what was received since the last run: hours that ended in
 * between, and older hours to which late samples came. Each is computed anew from all its samples, so doing it twice changes
 * nothing, and a run that dies is done again from where the last one ended.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { systemContext } from "../context.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { FindingHours } from "./finding-hours.ts";
import { breathe, hourMs, hourOf } from "./hours.ts";
import { oldestAgeMs } from "../ingest/sample-time.ts";
import { ensureMonthPartitions, listPartitions } from "./partitions.ts";
import { progressOf, setProgress } from "./progress.ts";
import { readRawSamples, type DeviceSamples, type RawSample } from "./raw-samples.ts";
import { storeHours, type FinishedHour } from "./rollup-store.ts";
import { HourGatherer, seriesKey } from "./rollup-day.ts";
import { readStoredSamples } from "./stored-samples.ts";
import { ValuePlaces } from "./value-places.ts";

/** A batch is committed within seconds of its receipt; younger ones may not be visible yet. Also lets stragglers of an hour arrive. */
export const settlingMs = 180_000;
/** Devices whose samples are in memory at a time. */
const devicesAtOnce = 20;
/** Longest stretch that is done at a time, after a long pause. */
const stretchMs = 6 * hourMs;

export interface RollUpResult {
  readonly hours: number;
  readonly throughMs: number;
}

/** Rolls up what has come in. Not to be run twice at the same time. */
export async function rollUp(services: Services): Promise<RollUpResult> {
  const endMs = services.clock.now() - settlingMs;
  let fromMs = (await progressOf(services, "roll-up")) ?? (await oldestRawMs(services)) ?? endMs;
  let hours = 0;
  while (fromMs < endMs) {
    const toMs = Math.min(endMs, hourOf(fromMs) + stretchMs);
    await ensureMonthPartitions(services, "sample_rollup", [fromMs - oldestAgeMs, fromMs, toMs]);
    for (const providerId of await providerIds(services)) hours += await rollUpProvider(services, providerId, fromMs, toMs);
    await setProgress(services, "roll-up", toMs);
    fromMs = toMs;
  }
  return { hours, throughMs: fromMs };
}

async function oldestRawMs({ database }: Services): Promise<number | undefined> {
  const partitions = await database.unwalled("oldest samples", (tx) => listPartitions(tx, "sample_batch"));
  return partitions[0]?.fromMs;
}

export async function providerIds({ database }: Services): Promise<Id[]> {
  const rows = await database.unwalled("all providers", (tx) =>
    tx.sql<{ provider_id: Id }>("select provider_id from hauswart.provider order by provider_id"),
  );
  return rows.map(({ provider_id }) => provider_id);
}

async function rollUpProvider(services: Services, providerId: Id, fromMs: number, toMs: number): Promise<number> {
  const ctx = systemContext(services, providerId, "roll-up");
  const devices = await services.database.transaction(ctx, (tx) =>
    tx.sql<{ device_id: Id }>("select device_id from hauswart.device where provider_id = $1 order by device_id", [providerId]),
  );
  let hours = 0;
  for (let at = 0; at < devices.length; at += devicesAtOnce) {
    const deviceIds = devices.slice(at, at + devicesAtOnce).map(({ device_id }) => device_id);
    hours += await services.database.transaction(ctx, async (tx) => {
      const finished = await finishedHours(tx, services, providerId, deviceIds, fromMs, toMs);
      await storeHours(tx, providerId, finished);
      return finished.length;
    });
  }
  return hours;
}

/** Hours of these devices that are complete now and were not before, or have got more samples since. */
async function finishedHours(
  tx: Tx,
  services: Services,
  providerId: Id,
  deviceIds: readonly Id[],
  fromMs: number,
  toMs: number,
): Promise<FinishedHour[]> {
  const loadedFromMs = hourOf(fromMs);
  const devices = await readRawSamples(tx, providerId, { deviceIds, receivedFromMs: loadedFromMs, receivedToMs: toMs });
  if (devices.size === 0) return [];
  const touched = [...devices].flatMap(([deviceId, device]) =>
    [...touchedHours(device.samples, fromMs, toMs).values()].map((hour) => ({ deviceId, customerId: device.customerId, ...hour })),
  );
  if (touched.length === 0) return [];
  const starts = touched.map(({ hourStartMs }) => hourStartMs);
  const findings = await FindingHours.load(tx, providerId, deviceIds, Math.min(...starts), Math.max(...starts) + hourMs);
  const places = await ValuePlaces.load(tx, providerId, services.checks, devices);
  const finished: FinishedHour[] = [];
  let lastDevice: Id | undefined;
  for (const { deviceId, customerId, checkNumber, hourStartMs, samples } of touched) {
    if (deviceId !== lastDevice) await breathe();
    lastDevice = deviceId;
    // What was received from the start of the hour on holds all its samples; older hours are read where they lie.
    const gatherer =
      hourStartMs >= loadedFromMs
        ? gatherRaw(samples, deviceId, places)
        : await gatherStored(tx, services, { providerId, deviceId, checkNumber, hourStartMs });
    finished.push({
      deviceId,
      customerId,
      checkNumber,
      hourStartMs,
      summaries: gatherer.summaries((subject) => findings.worst(deviceId, checkNumber, subject, hourStartMs)),
    });
  }
  return finished;
}

interface TouchedHour {
  readonly checkNumber: number;
  readonly hourStartMs: number;
  /** What was loaded of it. */
  readonly samples: RawSample[];
}

function touchedHours(samples: DeviceSamples["samples"], fromMs: number, toMs: number): Map<string, TouchedHour> {
  const hours = new Map<string, TouchedHour>();
  const news = new Set<string>();
  for (const sample of samples) {
    const hourStartMs = hourOf(sample.atMs);
    if (hourStartMs + hourMs > toMs) continue;
    const key = `${sample.checkNumber}/${hourStartMs}`;
    let hour = hours.get(key);
    if (!hour) hours.set(key, (hour = { checkNumber: sample.checkNumber, hourStartMs, samples: [] }));
    hour.samples.push(sample);
    if (sample.receivedAtMs >= fromMs || hourStartMs + hourMs > fromMs) news.add(key);
  }
  for (const key of hours.keys()) if (!news.has(key)) hours.delete(key);
  return hours;
}

function gatherRaw(samples: readonly RawSample[], deviceId: Id, places: ValuePlaces): HourGatherer {
  const gatherer = new HourGatherer();
  for (const { checkNumber, fact, values } of samples) {
    gatherer.addSample(fact);
    const named = places.of(deviceId, checkNumber, fact, values.length);
    values.forEach((value, index) => gatherer.addValue(seriesKey(named[index]!.subject, named[index]!.field), value));
  }
  return gatherer;
}

async function gatherStored(
  tx: Tx,
  { checks }: Services,
  { hourStartMs, ...which }: { providerId: Id; deviceId: Id; checkNumber: number; hourStartMs: number },
): Promise<HourGatherer> {
  const gatherer = new HourGatherer();
  const subjects = await readStoredSamples(tx, checks, { ...which, fromMs: hourStartMs, toMs: hourStartMs + hourMs });
  const facts = new Map<number, number>();
  for (const [subject, { timesMs, facts: numbers, fields }] of subjects) {
    timesMs.forEach((timeMs, index) => facts.set(timeMs, numbers[index]!));
    for (const [field, column] of fields) for (const value of column) gatherer.addValue(seriesKey(subject, field), value);
  }
  for (const fact of facts.values()) gatherer.addSample(fact);
  return gatherer;
}
