/** All samples of a check instance in a stretch of time, wherever they lie: in raw rows, packed, or (while packing) in both. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../database/database.ts";
import type { CheckRegistry } from "../services.ts";
import { DayBuilder, decodeDay, type PackedDay } from "./packed-day.ts";
import { dayText } from "./partitions.ts";
import { readRawSamples, type RawSample } from "./raw-samples.ts";
import { ValuePlaces, wholeCheck, type ValuePlace } from "./value-places.ts";

/** Later than anything, and still a time to PostgreSQL. */
const endOfTimeMs = 8e15;

/** Sorts samples by subject; packed and raw copies of the same sample become one. */
export class SubjectBuilders {
  readonly builders = new Map<string, DayBuilder>();

  addRaw({ atMs, fact, values }: Pick<RawSample, "atMs" | "fact" | "values">, places: readonly ValuePlace[]): void {
    if (places.length === 0) this.of(wholeCheck).add(atMs, fact);
    let subject: string | undefined;
    let columns: Map<string, number> | undefined;
    places.forEach((place, index) => {
      // The values of a subject stand side by side.
      if (place.subject !== subject || !columns) {
        subject = place.subject;
        columns = this.of(subject).at(atMs, fact);
      }
      const value = values[index]!;
      if (!Number.isNaN(value)) columns.set(place.field, value);
    });
  }

  of(subject: string): DayBuilder {
    let builder = this.builders.get(subject);
    if (!builder) this.builders.set(subject, (builder = new DayBuilder()));
    return builder;
  }
}

export interface SampleRange {
  readonly providerId: Id;
  readonly deviceId: Id;
  readonly checkNumber: number;
  /** Measured from then on, Unix milliseconds … */
  readonly fromMs: number;
  /** … and before then. */
  readonly toMs: number;
  /** Only this subject; all, when left out. */
  readonly subject?: string;
}

/** Reads samples by subject. Samples without values, and attempts that failed, stand under the empty subject. */
export async function readStoredSamples(tx: Tx, checks: CheckRegistry, range: SampleRange): Promise<Map<string, PackedDay>> {
  const subjects = new SubjectBuilders();
  for (const { subject, day } of await readPacked(tx, range)) subjects.of(subject).addPacked(day);
  const { providerId, deviceId, checkNumber, fromMs, toMs } = range;
  const raw = await readRawSamples(tx, providerId, {
    deviceIds: [deviceId],
    receivedFromMs: fromMs,
    receivedToMs: endOfTimeMs,
    measuredToMs: toMs,
    checkNumber,
  });
  const samples = raw.get(deviceId)?.samples ?? [];
  if (samples.length > 0) {
    const places = await ValuePlaces.load(tx, providerId, checks, raw);
    for (const sample of samples) subjects.addRaw(sample, places.of(deviceId, checkNumber, sample.fact, sample.values.length));
  }
  const wanted = [...subjects.builders].filter(
    ([subject]) => range.subject === undefined || subject === range.subject || subject === wholeCheck,
  );
  return new Map(wanted.map(([subject, builder]) => [subject, builder.build(fromMs, toMs)]));
}

async function readPacked(
  tx: Tx,
  { providerId, deviceId, checkNumber, fromMs, toMs, subject }: SampleRange,
): Promise<{ subject: string; day: PackedDay }[]> {
  const rows = await tx.sql<{ subject: string; body: Buffer }>(
    `select subject, body from hauswart.sample_packed
     where provider_id = $1 and device_id = $2 and check_number = $3 and day >= $4::date and day <= $5::date and ($6::text is null or subject in ($6, ''))
     order by day`,
    [providerId, deviceId, checkNumber, dayText(fromMs), dayText(toMs), subject ?? null],
  );
  return rows.map((row) => ({ subject: row.subject, day: decodeDay(row.body) }));
}
