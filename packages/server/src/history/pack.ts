/**
 * Packs raw samples two days after they came: one row per device, check instance, subject and UTC day. A device's samples are
 * packed and marked as packed in one transaction; when all devices of a day of receipt are done, its raw partition is dropped.
 * Packing the same samples twice changes nothing, so a run may die at any moment.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { systemContext } from "../context.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { breathe, dayMs, dayOf } from "./hours.ts";
import { decodeDay, encodeDay, valueCount } from "./packed-day.ts";
import { dayText, dropPartition, ensureMonthPartitions, listPartitions, type Partition } from "./partitions.ts";
import { progressOf } from "./progress.ts";
import { readRawSamples, type DeviceSamples } from "./raw-samples.ts";
import { SubjectBuilders } from "./stored-samples.ts";
import { ValuePlaces } from "./value-places.ts";

/** Today and yesterday stay as they came. */
const rawDays = 2;

export interface PackResult {
  readonly devices: number;
  readonly values: number;
  /** Names of raw partitions that were given up. */
  readonly dropped: readonly string[];
}

/** Packs every day of receipt that is over for long enough and rolled up. Not to be run twice at the same time. */
export async function packSamples(services: Services): Promise<PackResult> {
  const rolledUpMs = (await progressOf(services, "roll-up")) ?? 0;
  const endMs = Math.min(dayOf(services.clock.now()) - (rawDays - 1) * dayMs, rolledUpMs);
  const partitions = await services.database.unwalled("days to pack", (tx) => listPartitions(tx, "sample_batch"));
  const result = { devices: 0, values: 0, dropped: [] as string[] };
  for (const partition of partitions) {
    if (partition.toMs > endMs) break;
    for (const { providerId, deviceId } of await unpackedDevices(services, partition)) {
      result.values += await packDevice(services, partition, providerId, deviceId);
      result.devices++;
    }
    if (await giveUpPartition(services, partition)) result.dropped.push(partition.name);
  }
  return result;
}

async function unpackedDevices({ database }: Services, { name, fromMs }: Partition): Promise<{ providerId: Id; deviceId: Id }[]> {
  const rows = await database.unwalled("devices to pack", (tx) =>
    tx.sql<{ provider_id: Id; device_id: Id }>(
      `select distinct provider_id, device_id from hauswart.${name}
       except select provider_id, device_id from hauswart.packed_device where received_day = '${dayText(fromMs)}' order by 1, 2`,
    ),
  );
  return rows.map(({ provider_id, device_id }) => ({ providerId: provider_id, deviceId: device_id }));
}

/** @returns how many values the rows hold that were written */
async function packDevice(services: Services, { fromMs, toMs }: Partition, providerId: Id, deviceId: Id): Promise<number> {
  const ctx = systemContext(services, providerId, "pack samples");
  const raw = await services.database.transaction(ctx, (tx) =>
    readRawSamples(tx, providerId, { deviceIds: [deviceId], receivedFromMs: fromMs, receivedToMs: toMs }),
  );
  const device = raw.get(deviceId);
  // Messages received on a day tell of days before it: late ones of up to 24.
  const days = [...new Set(device?.samples.map(({ atMs }) => dayOf(atMs)))].sort((a, b) => a - b);
  await ensureMonthPartitions(services, "sample_packed", days);
  return services.database.transaction(ctx, async (tx) => {
    const values = device ? await storePacked(tx, services, providerId, deviceId, device, days) : 0;
    await tx.sql(
      "insert into hauswart.packed_device (provider_id, received_day, device_id) values ($1, $2::date, $3) on conflict do nothing",
      [providerId, dayText(fromMs), deviceId],
    );
    return values;
  });
}

async function storePacked(
  tx: Tx,
  { checks }: Services,
  providerId: Id,
  deviceId: Id,
  device: DeviceSamples,
  days: readonly number[],
): Promise<number> {
  const { customerId, samples } = device;
  const places = await ValuePlaces.load(tx, providerId, checks, new Map([[deviceId, device]]));
  const rows = new Map<string, { checkNumber: number; day: number; subjects: SubjectBuilders }>();
  for (const sample of samples) {
    const day = dayOf(sample.atMs);
    const key = `${sample.checkNumber}/${day}`;
    let row = rows.get(key);
    if (!row) rows.set(key, (row = { checkNumber: sample.checkNumber, day, subjects: new SubjectBuilders() }));
    row.subjects.addRaw(sample, places.of(deviceId, sample.checkNumber, sample.fact, sample.values.length));
  }
  const earlier = await tx.sql<{ check_number: number; day: string; subject: string; body: Buffer }>(
    "select check_number, day, subject, body from hauswart.sample_packed where provider_id = $1 and device_id = $2 and day = any($3::date[]) for update",
    [providerId, deviceId, days.map(dayText)],
  );
  for (const { check_number, day, subject, body } of earlier)
    rows
      .get(`${check_number}/${Date.parse(day)}`)
      ?.subjects.of(subject)
      .addPacked(decodeDay(body));
  const packed: PackedRow[] = [];
  for (const { checkNumber, day, subjects } of rows.values()) {
    await breathe();
    for (const [subject, builder] of subjects.builders) {
      const built = builder.build();
      packed.push({ checkNumber, day, subject, samples: built.timesMs.length, values: valueCount(built), body: encodeDay(built) });
    }
  }
  await savePacked(tx, providerId, deviceId, customerId, packed);
  return packed.reduce((sum, { values }) => sum + values, 0);
}

interface PackedRow {
  readonly checkNumber: number;
  readonly day: number;
  readonly subject: string;
  readonly samples: number;
  readonly values: number;
  readonly body: Buffer;
}

async function savePacked(tx: Tx, providerId: Id, deviceId: Id, customerId: Id, packed: readonly PackedRow[]): Promise<void> {
  await tx.sql(
    `insert into hauswart.sample_packed (provider_id, device_id, customer_id, check_number, day, subject, sample_count, value_count, body)
     select $1, $2, $3, r.* from unnest($4::int2[], $5::date[], $6::text[], $7::int4[], $8::int4[], $9::bytea[]) as r(check_number, day, subject, sample_count, value_count, body)
     on conflict (provider_id, device_id, check_number, day, subject) do update
     set sample_count = excluded.sample_count, value_count = excluded.value_count, body = excluded.body`,
    [
      providerId,
      deviceId,
      customerId,
      packed.map((row) => row.checkNumber),
      packed.map((row) => dayText(row.day)),
      packed.map((row) => row.subject),
      packed.map((row) => row.samples),
      packed.map((row) => row.values),
      packed.map((row) => row.body),
    ],
  );
}

/** Drops a day of raw samples, after a last look that nothing in it is unpacked. @returns whether it is gone */
function giveUpPartition(services: Services, { name, fromMs }: Partition): Promise<boolean> {
  const day = dayText(fromMs);
  return dropPartition(services, name, async (tx) => {
    // Readers go on reading; writers have no business here any more.
    await tx.sql(`lock table hauswart.${name} in share row exclusive mode`);
    const left = await tx.sql<{ device_id: Id }>(
      `select distinct provider_id, device_id from hauswart.${name} except select provider_id, device_id from hauswart.packed_device where received_day = '${day}'`,
    );
    if (left.length > 0) throw new Error(`${name} still holds samples of ${left.length} devices that are not packed`);
    await tx.sql(`delete from hauswart.packed_device where received_day = '${day}'`);
  });
}
