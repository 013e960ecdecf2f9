/** Samples as ingest stores them: one row per message, a message's samples in parallel arrays. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../database/database.ts";

export interface RawSample {
  readonly checkNumber: number;
  /** Unix milliseconds, by the server's clock. */
  readonly atMs: number;
  readonly receivedAtMs: number;
  /** Fact number; -1 no data, -2 failed. */
  readonly fact: number;
  /** NaN where the sample has no number. */
  readonly values: readonly number[];
}

export interface DeviceSamples {
  readonly customerId: Id;
  readonly samples: RawSample[];
}

export interface RawRange {
  readonly deviceIds: readonly Id[];
  /** Messages received from then on … */
  readonly receivedFromMs: number;
  /** … and before then. */
  readonly receivedToMs: number;
  /** Only samples measured before then; all, when left out. Saves reading messages that came much later. */
  readonly measuredToMs?: number;
  /** Only samples of this check instance; all, when left out. */
  readonly checkNumber?: number;
}

interface Row {
  device_id: Id;
  customer_id: Id;
  received_ms: number;
  check_numbers: string;
  ages_ms: string;
  fact_numbers: string;
  value_counts: string;
  values: string;
}

/** Reads samples by device, in the order they were received. */
export async function readRawSamples(tx: Tx, providerId: Id, range: RawRange): Promise<Map<Id, DeviceSamples>> {
  const rows = await tx.sql<Row>(
    `select device_id, customer_id, (extract(epoch from received_at) * 1000)::float8 as received_ms,
       check_numbers::text, ages_ms::text, fact_numbers::text, value_counts::text, values::text
     from hauswart.sample_batch
     where provider_id = $1 and device_id = any($2::uuid[]) and received_at >= to_timestamp($3::float8 / 1000) and received_at < to_timestamp($4::float8 / 1000)
       and ($5::float8 is null or received_at < to_timestamp($5::float8 / 1000) or received_at - make_interval(secs => (select max(age) from unnest(ages_ms) as age) / 1000.0) < to_timestamp($5::float8 / 1000))
       and ($6::int2 is null or $6 = any(check_numbers))
     order by device_id, received_at, sequence`,
    [providerId, range.deviceIds, range.receivedFromMs, range.receivedToMs, range.measuredToMs ?? null, range.checkNumber ?? null],
  );
  const devices = new Map<Id, DeviceSamples>();
  for (const row of rows) {
    let device = devices.get(row.device_id);
    if (!device) devices.set(row.device_id, (device = { customerId: row.customer_id, samples: [] }));
    unfold(row, range.checkNumber, device.samples);
  }
  return devices;
}

function unfold(row: Row, onlyCheck: number | undefined, to: RawSample[]): void {
  const receivedAtMs = Math.round(row.received_ms);
  const checkNumbers = parseArray(row.check_numbers);
  const ages = parseArray(row.ages_ms);
  const facts = parseArray(row.fact_numbers);
  const counts = parseArray(row.value_counts);
  const values = parseArray(row.values);
  let at = 0;
  for (let index = 0; index < checkNumbers.length; index++) {
    const count = counts[index]!;
    if (onlyCheck === undefined || checkNumbers[index] === onlyCheck) {
      to.push({
        checkNumber: checkNumbers[index]!,
        atMs: receivedAtMs - ages[index]!,
        receivedAtMs,
        fact: facts[index]!,
        values: values.slice(at, at + count),
      });
    }
    at += count;
  }
}

/** {1,2.5,NaN} as PostgreSQL prints arrays of numbers. Several times faster than the driver's parser for arrays of anything. */
function parseArray(text: string): number[] {
  return text.length <= 2 ? [] : text.slice(1, -1).split(",").map(Number);
}
