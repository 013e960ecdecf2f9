/** Which series the values of a sample belong to. The fact says it; the check's declaration says how to read the fact. */
import type { AnyCheck } from "@hauswart/protocol/check.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { compileCodec, type Fact, type SampleCodec } from "@hauswart/protocol/sample-codec.ts";
import type { Tx } from "../database/database.ts";
import type { CheckRegistry } from "../services.ts";
import type { DeviceSamples } from "./raw-samples.ts";

/** Field and subject of the value at one position of a sample. */
export interface ValuePlace {
  readonly field: string;
  readonly subject: string;
}

/** The subject and the field that stand for the check instance as a whole. */
export const wholeCheck = "";

const codecs = new WeakMap<AnyCheck, SampleCodec>();

/** The codec of a check, compiled once. */
export function codecOf(definition: AnyCheck): SampleCodec {
  let codec = codecs.get(definition);
  if (!codec) codecs.set(definition, (codec = compileCodec(definition) as SampleCodec));
  return codec;
}

/** Places of the values of many samples of some devices. */
export class ValuePlaces {
  readonly #places = new Map<string, readonly ValuePlace[]>();

  /** Loads the facts that these samples name, and no others: a check whose facts change with each sample has many. */
  static async load(tx: Tx, providerId: Id, checks: CheckRegistry, devices: ReadonlyMap<Id, DeviceSamples>): Promise<ValuePlaces> {
    const named = factsNamedBy(devices);
    const rows = await tx.sql<{ device_id: Id; check_number: number; fact_number: number; body: Fact; check_id: string | null }>(
      `select fact.device_id, fact.check_number, fact.fact_number, fact.body, instance.check_id
       from unnest($2::uuid[], $3::int2[], $4::int4[]) as named(device_id, check_number, fact_number)
       join hauswart.sample_fact fact on fact.provider_id = $1 and fact.device_id = named.device_id and fact.check_number = named.check_number
         and fact.fact_number = named.fact_number
       left join hauswart.check_instance instance on instance.provider_id = $1 and instance.device_id = fact.device_id and instance.number = fact.check_number`,
      [providerId, named.map(({ deviceId }) => deviceId), named.map(({ checkNumber }) => checkNumber), named.map(({ fact }) => fact)],
    );
    const places = new ValuePlaces();
    for (const row of rows) {
      const definition = row.check_id === null ? undefined : checks.get(row.check_id)?.definition;
      if (definition) places.#places.set(keyOf(row.device_id, row.check_number, row.fact_number), placesOfFact(definition, row.body));
    }
    return places;
  }

  /** One place per value. Values of a check that this server no longer knows are numbered, so that none is lost. */
  of(deviceId: Id, checkNumber: number, fact: number, valueCount: number): readonly ValuePlace[] {
    const known = this.#places.get(keyOf(deviceId, checkNumber, fact));
    if (known?.length === valueCount) return known;
    return Array.from({ length: valueCount }, (_, index) => ({ field: `#${index}`, subject: wholeCheck }));
  }
}

/** Each once; attempts that yielded nothing name none. */
function factsNamedBy(devices: ReadonlyMap<Id, DeviceSamples>): { deviceId: Id; checkNumber: number; fact: number }[] {
  const named = new Map<string, { deviceId: Id; checkNumber: number; fact: number }>();
  for (const [deviceId, { samples }] of devices)
    for (const { checkNumber, fact } of samples)
      if (fact > 0) named.set(keyOf(deviceId, checkNumber, fact), { deviceId, checkNumber, fact });
  return [...named.values()];
}

const keyOf = (deviceId: Id, checkNumber: number, fact: number) => `${deviceId}/${checkNumber}/${fact}`;

/** One place per value of samples with this fact. */
export const placesOfFact = (definition: AnyCheck, fact: Fact): readonly ValuePlace[] => distinct(codecOf(definition).describe(fact));

/** Two rows of a list may bear the same name; the second one's fields are numbered, so that no value hides another. */
function distinct(places: readonly ValuePlace[]): ValuePlace[] {
  const seen = new Map<string, number>();
  return places.map(({ field, subject }) => {
    const key = `${field}\n${subject}`;
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return { field: before === 0 ? field : `${field}#${before + 1}`, subject };
  });
}
