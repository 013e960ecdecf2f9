/**
 * What a measured value costs on the disk once it is packed, and how quickly a graph of 35 days is there. A small fleet runs its
 * default checks for 36 days; every day what came in is rolled up, packed and given up as a server does it, with the chores'
 * own code. Counted are the bytes of the tables of packed samples with their indexes and out-of-line storage.
 */
import judgedChecks from "@hauswart/features/registry/server.ts";
import simulatedChecks from "@hauswart/features/registry/simulator.ts";
import type { CheckDefinition } from "@hauswart/protocol/check.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { compileCodec, type SampleCodec } from "@hauswart/protocol/sample-codec.ts";
import { getSeries } from "@hauswart/server/history/get-series.ts";
import { packSamples } from "@hauswart/server/history/pack.ts";
import { ensurePartitions } from "@hauswart/server/history/partitions.ts";
import { rollUp } from "@hauswart/server/history/roll-up.ts";
import type { CheckRegistry } from "@hauswart/server/services.ts";
import { simulateComputer, type SimulatedComputer } from "@hauswart/simulator/computer.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { percentile, rounded, type Benchmark } from "./support/benchmark.ts";

const dayMs = 86_400_000;
const minuteMs = 60_000;
const startMs = Date.UTC(2026, 8, 1);
const rowsAtOnce = 720;

interface Instance {
  readonly number: number;
  readonly everyMinutes: number;
  readonly codec: SampleCodec;
  readonly sample: (computer: SimulatedComputer, atMs: number) => Record<string, unknown>;
}

interface BenchDevice {
  readonly deviceId: Id;
  readonly computer: SimulatedComputer;
  readonly facts: Map<string, number>;
}

interface World {
  readonly database: TestDatabase;
  readonly services: TestServices;
  readonly tenant: SeededTenant;
  readonly instances: readonly Instance[];
  readonly devices: readonly BenchDevice[];
}

const everyMinutes = ({ cycle }: CheckDefinition) => ("everyMinutes" in cycle ? cycle.everyMinutes : 1_440);

async function makeWorld(database: TestDatabase, count: number): Promise<World> {
  const checks: CheckRegistry = new Map(judgedChecks.map((check) => [check.definition.id, check]));
  const services = testServices(database, { checks });
  services.clock.set(startMs);
  const tenant = await seedTenant(database);
  const instances = simulatedChecks.map((simulated, number): Instance => {
    const { definition } = checks.get(simulated.check)!;
    return { number, everyMinutes: everyMinutes(definition), codec: compileCodec(definition) as SampleCodec, sample: (computer, atMs) => simulated.sample(computer, atMs) };
  });
  const devices: BenchDevice[] = [];
  for (let index = 0; index < count; index++) {
    const deviceId = await seedDevice(database, tenant, tenant.first, `device-${index}`);
    devices.push({ deviceId, computer: simulateComputer(index, 1, startMs), facts: new Map() });
    await database.unwalled("benchmark", (tx) =>
      tx.sql(
        `insert into hauswart.check_instance (provider_id, device_id, number, customer_id, check_id, every_seconds)
         select $1, $2, number, $3, check_id, seconds from unnest($4::int2[], $5::text[], $6::int4[]) as i(number, check_id, seconds)`,
        [tenant.providerId, deviceId, tenant.first.customerId, instances.map(({ number }) => number), simulatedChecks.map(({ check }) => check), instances.map((instance) => instance.everyMinutes * 60)],
      ),
    );
  }
  return { database, services, tenant, instances, devices };
}

/** One message a minute with the samples that are due then, as ingest stores it. */
function messageAt({ computer, facts }: BenchDevice, instances: readonly Instance[], atMs: number, newFacts: [number, number, string][]) {
  const due = instances.filter(({ everyMinutes: every, number }) => (Math.floor(atMs / minuteMs) + number) % every === 0);
  const columns = { numbers: [] as number[], ages: [] as number[], facts: [] as number[], counts: [] as number[], values: [] as number[] };
  for (const { number, codec, sample } of due) {
    const { fact, values } = codec.split(sample(computer, atMs));
    const key = `${number} ${JSON.stringify(fact)}`;
    if (!facts.has(key)) {
      facts.set(key, facts.size + 1);
      newFacts.push([number, facts.size, JSON.stringify(fact)]);
    }
    columns.numbers.push(number);
    columns.ages.push(Math.floor(Math.random() * 800));
    columns.facts.push(facts.get(key)!);
    columns.counts.push(values.length);
    columns.values.push(...values.map((value) => value ?? NaN));
  }
  return columns;
}

/** Stores a device's day. @returns how many values it has */
async function receiveDay({ database, services, tenant, instances }: World, device: BenchDevice, fromMs: number): Promise<number> {
  let values = 0;
  for (let minute = 0; minute < 1_440; minute += rowsAtOnce) {
    const newFacts: [number, number, string][] = [];
    const rows = Array.from({ length: rowsAtOnce }, (_, index) => {
      const atMs = fromMs + (minute + index) * minuteMs;
      const columns = messageAt(device, instances, atMs, newFacts);
      values += columns.values.filter((value) => !Number.isNaN(value)).length;
      // Agents do not measure on the stroke of the minute.
      return { receivedAt: new Date(atMs + 1_000 + Math.floor(Math.random() * 40)).toISOString(), ...columns };
    });
    await database.ingest(contextFor(services, tenant), async (tx) => {
      for (const [number, fact, body] of newFacts) {
        await tx.sql("insert into hauswart.sample_fact (provider_id, device_id, check_number, fact_number, customer_id, first_at, body, hash) values ($1, $2, $3, $4, $5, now(), $6::text::jsonb, 0)", [tenant.providerId, device.deviceId, number, fact, tenant.first.customerId, body]);
      }
      await tx.sql(
        `insert into hauswart.sample_batch (provider_id, customer_id, device_id, received_at, stream_id, sequence, clock_offset_ms, check_numbers, ages_ms, fact_numbers, value_counts, values)
         select $1, $2, $3, "receivedAt", $4, row_number() over (), 0, numbers::int2[], ages::int4[], facts::int4[], counts::int2[], values::float8[]
         from unnest($5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[]) as r("receivedAt", numbers, ages, facts, counts, values)`,
        [
          tenant.providerId, tenant.first.customerId, device.deviceId, newId(), rows.map((row) => row.receivedAt),
          ...(["numbers", "ages", "facts", "counts", "values"] as const).map((column) => rows.map((row) => `{${row[column].join(",")}}`)),
        ],
      );
    });
  }
  return values;
}

/** Bytes of a table's partitions with all that belongs to them. */
async function bytesOf({ database }: World, table: string): Promise<number> {
  const [row] = await database.unwalled("benchmark", (tx) => tx.sql<{ bytes: number }>("select sum(pg_total_relation_size(inhrelid))::float8 as bytes from pg_inherits where inhparent = $1::text::regclass", [`hauswart.${table}`]));
  return row!.bytes;
}

async function packedValues({ database }: World): Promise<number> {
  const [row] = await database.unwalled("benchmark", (tx) => tx.sql<{ values: number }>("select sum(value_count)::float8 as values from hauswart.sample_packed"));
  return row!.values;
}

async function graphTimes({ services, tenant, instances, devices }: World, count: number, days: number): Promise<number[]> {
  const times: number[] = [];
  const toMs = services.clock.now();
  const range = { from: new Date(toMs - days * dayMs).toISOString(), to: new Date(toMs).toISOString() };
  for (let index = 0; index < count; index++) {
    const device = devices[index % devices.length]!;
    const start = performance.now();
    const { series } = await getSeries({ ctx: contextFor(services, tenant), input: { deviceId: device.deviceId, number: instances[index % instances.length]!.number, ...range } });
    JSON.stringify(series);
    times.push(performance.now() - start);
  }
  return times.slice(Math.floor(count / 10));
}

export default {
  description: "Bytes of a packed value on the disk, and the time of a graph.",
  measures: {
    bytesPerValue: { reaches: "≤ 4" },
    graphP99Ms: { reaches: "≤ 100" },
    singleSamplesGraphP99Ms: { reaches: "a graph of 2 days, single samples; ≤ 100" },
    rollupBytesPerDeviceAndDay: { reaches: "as little as it can be" },
    choreCpuSecondsPerMillion: { reaches: "rolling up and packing a million values, server only; as little as it can be" },
  },
  async run(options) {
    const { quick } = options;
    const database = await testDatabase();
    try {
      const [devices, days] = quick ? [2, 6] : [6, 38];
      const world = await makeWorld(database, devices);
      let values = 0;
      let choreMicroseconds = 0;
      for (let day = 0; day < days; day++) {
        const fromMs = startMs + day * dayMs;
        world.services.clock.set(fromMs);
        await ensurePartitions(world.services);
        for (const device of world.devices) values += await receiveDay(world, device, fromMs);
        world.services.clock.set(fromMs + dayMs + 10 * minuteMs);
        await ensurePartitions(world.services);
        const before = process.cpuUsage();
        await rollUp(world.services);
        await packSamples(world.services);
        const { user, system } = process.cpuUsage(before);
        choreMicroseconds += user + system;
        if (day % 6 === 5) options.say(`day ${day + 1} of ${days}: ${values} values`);
      }
      await database.unwalled("benchmark", (tx) => tx.sql("analyze"));
      const graphs = await graphTimes(world, quick ? 60 : 600, 35);
      const singles = await graphTimes(world, quick ? 60 : 300, 2);
      return {
        bytesPerValue: rounded((await bytesOf(world, "sample_packed")) / (await packedValues(world))),
        graphP99Ms: rounded(percentile(graphs, 0.99)),
        singleSamplesGraphP99Ms: rounded(percentile(singles, 0.99)),
        rollupBytesPerDeviceAndDay: rounded((await bytesOf(world, "sample_rollup")) / devices / days),
        choreCpuSecondsPerMillion: rounded(choreMicroseconds / values),
      };
    } finally {
      await database.close();
    }
  },
} satisfies Benchmark;
