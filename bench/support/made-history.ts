/**
 * Weeks of a simulated fleet's measurements in a server's own database, without waiting for weeks: raw rows are written as ingest
 * writes them, and the server's own chores roll them up and pack them, by a clock that is moved.
 */
import judgedChecks from "@hauswart/features/registry/server.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { compileCodec, type SampleCodec } from "@hauswart/protocol/sample-codec.ts";
import { ensureFirstOwner } from "@hauswart/server/access/ensure-first-owner.ts";
import { connectDatabase, type ConnectedDatabase } from "@hauswart/server/database/connect.ts";
import { silentLogger } from "@hauswart/server/operation/log.ts";
import { refreshChecksOfDevices } from "@hauswart/server/policies/refresh-device-checks.ts";
import { parseSettings } from "@hauswart/server/settings.ts";
import { simulateComputer, type SimulatedComputer } from "@hauswart/simulator/computer.ts";
import { seedDevice, testServices, type TestServices } from "@hauswart/testkit/seed.ts";
import { serverOwner } from "@hauswart/testkit/server-process.ts";
import { minuteSimulations } from "./minute-checks.ts";

const minuteMs = 60_000;
/** Minutes of messages in one transaction. */
const minutesAtOnce = 720;

interface Instance {
  readonly number: number;
  readonly check: string;
  readonly everyMinutes: number;
  readonly codec: SampleCodec;
  sample(computer: SimulatedComputer, atMs: number): Readonly<Record<string, unknown>>;
}

export interface HistoryDevice {
  readonly deviceId: Id;
  readonly computer: SimulatedComputer;
  /** Fact numbers by instance and body. */
  readonly facts: Map<string, number>;
}

export interface MadeHistory {
  readonly connected: ConnectedDatabase;
  /** With a clock to be moved. */
  readonly services: TestServices;
  readonly providerId: Id;
  readonly customerId: Id;
  readonly instances: readonly Instance[];
  readonly devices: readonly HistoryDevice[];
}

/** A fresh embedded database in this folder, with the owner of every benchmark and devices that run the default checks. */
export async function makeHistory(dataDirectory: string, deviceCount: number, startMs: number): Promise<MadeHistory> {
  const settings = parseSettings({
    HAUSWART_DATA: dataDirectory,
    HAUSWART_ADMIN_EMAIL: serverOwner.email,
    HAUSWART_ADMIN_PASSWORD: serverOwner.password,
  });
  const connected = await connectDatabase({ settings, log: silentLogger });
  try {
    const { database } = connected;
    const checks = new Map(judgedChecks.map((check) => [check.definition.id, check]));
    const services = testServices(database, { checks, settings });
    services.clock.set(startMs);
    const { providerId } = await ensureFirstOwner(services);
    const customer = { customerId: newId(), siteId: newId(), name: "Customer" };
    await database.unwalled("benchmark: customer", async (tx) => {
      await tx.sql("insert into hauswart.customer (provider_id, customer_id, name) values ($1, $2, $3)", [
        providerId,
        customer.customerId,
        customer.name,
      ]);
      await tx.sql("insert into hauswart.site (provider_id, site_id, customer_id, name) values ($1, $2, $3, 'Site')", [
        providerId,
        customer.siteId,
        customer.customerId,
      ]);
    });
    const devices: HistoryDevice[] = [];
    for (let index = 0; index < deviceCount; index++) {
      const computer = simulateComputer(index, 1, startMs);
      devices.push({ deviceId: await seedDevice(database, { providerId }, customer, computer.hostname), computer, facts: new Map() });
    }
    const instances = await giveChecks(services, providerId, devices);
    return { connected, services, providerId, customerId: customer.customerId, instances, devices };
  } catch (error) {
    await connected.close();
    throw error;
  }
}

/** Devices get their default checks by the policies' own code. @returns the instances, which are the same for all. */
async function giveChecks(services: TestServices, providerId: Id, devices: readonly HistoryDevice[]): Promise<Instance[]> {
  const versions = Object.fromEntries(minuteSimulations.map(({ check, version }) => [check, version]));
  const deviceIds = devices.map(({ deviceId }) => deviceId);
  const rows = await services.database.transaction({ providerId, customers: "*" }, async (tx) => {
    await tx.sql("update hauswart.device set agent_checks = $2::text::jsonb where provider_id = $1", [
      providerId,
      JSON.stringify(versions),
    ]);
    await refreshChecksOfDevices(tx, services, providerId, deviceIds);
    return tx.sql<{ number: number; check_id: string; every_seconds: number }>(
      "select number, check_id, every_seconds from hauswart.check_instance where provider_id = $1 and device_id = $2 and enabled order by number",
      [providerId, deviceIds[0]],
    );
  });
  return rows.map(({ number, check_id, every_seconds }) => {
    const simulated = minuteSimulations.find(({ check }) => check === check_id)!;
    return {
      number,
      check: check_id,
      everyMinutes: every_seconds / 60,
      codec: compileCodec(services.checks.get(check_id)!.definition),
      sample: (computer, atMs) => simulated.sample(computer, atMs),
    };
  });
}

interface RawRow {
  readonly receivedAt: string;
  readonly numbers: number[];
  readonly ages: number[];
  readonly facts: number[];
  readonly counts: number[];
  readonly values: number[];
}

/** The message of one minute with the samples that are due in it; new facts are added to the list. */
function messageAt(
  { computer, facts }: HistoryDevice,
  instances: readonly Instance[],
  atMs: number,
  newFacts: [number, number, string][],
): RawRow {
  // Agents do not measure on the stroke of the minute, and messages take their time.
  const row: RawRow = {
    receivedAt: new Date(atMs + 1_000 + Math.floor(Math.random() * 40)).toISOString(),
    numbers: [],
    ages: [],
    facts: [],
    counts: [],
    values: [],
  };
  for (const { number, everyMinutes, codec, sample } of instances) {
    if ((Math.floor(atMs / minuteMs) + number) % everyMinutes !== 0) continue;
    const { fact, values } = codec.split(sample(computer, atMs));
    const body = JSON.stringify(fact);
    const key = `${number} ${body}`;
    if (!facts.has(key)) {
      facts.set(key, facts.size + 1);
      newFacts.push([number, facts.size, body]);
    }
    row.numbers.push(number);
    row.ages.push(Math.floor(Math.random() * 800));
    row.facts.push(facts.get(key)!);
    row.counts.push(values.length);
    row.values.push(...values.map((value) => value ?? Number.NaN));
  }
  return row;
}

/** Stores a device's messages of a stretch of time. @returns how many values they hold. */
export async function receive(history: MadeHistory, device: HistoryDevice, fromMs: number, toMs: number): Promise<number> {
  let values = 0;
  for (let startMs = fromMs; startMs < toMs; startMs += minutesAtOnce * minuteMs) {
    const newFacts: [number, number, string][] = [];
    const rows: RawRow[] = [];
    for (let atMs = startMs; atMs < Math.min(toMs, startMs + minutesAtOnce * minuteMs); atMs += minuteMs) {
      const row = messageAt(device, history.instances, atMs, newFacts);
      if (row.numbers.length > 0) rows.push(row);
    }
    await store(history, device, newFacts, rows);
    values += rows.reduce((sum, row) => sum + row.values.filter((value) => !Number.isNaN(value)).length, 0);
  }
  return values;
}

async function store(
  { services, providerId, customerId }: MadeHistory,
  { deviceId }: HistoryDevice,
  newFacts: readonly [number, number, string][],
  rows: readonly RawRow[],
): Promise<void> {
  await services.database.ingest({ providerId, customers: "*" }, async (tx) => {
    for (const [number, fact, body] of newFacts) {
      await tx.sql(
        "insert into hauswart.sample_fact (provider_id, device_id, check_number, fact_number, customer_id, first_at, body, hash) values ($1, $2, $3, $4, $5, now(), $6::text::jsonb, 0)",
        [providerId, deviceId, number, fact, customerId, body],
      );
    }
    await tx.sql(
      `insert into hauswart.sample_batch (provider_id, customer_id, device_id, received_at, stream_id, sequence, clock_offset_ms, check_numbers, ages_ms, fact_numbers, value_counts, values)
       select $1, $2, $3, received_at, $4, row_number() over (), 0, numbers::int2[], ages::int4[], facts::int4[], counts::int2[], values::float8[]
       from unnest($5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[]) as r(received_at, numbers, ages, facts, counts, values)`,
      [
        providerId,
        customerId,
        deviceId,
        newId(),
        rows.map((row) => row.receivedAt),
        ...(["numbers", "ages", "facts", "counts", "values"] as const).map((column) => rows.map((row) => `{${row[column].join(",")}}`)),
      ],
    );
  });
}

/** What belongs to a device, parents first. */
const deviceTables = ["device", "device_link", "check_instance", "sample_fact", "sample_packed", "sample_rollup", "sample_batch"];

/** Copies every device with all that is stored of it, so that a graph has to be found among those of many. @returns the ids of all devices. */
export async function multiplyDevices({ services, devices }: MadeHistory, copies: number): Promise<Id[]> {
  const sources = devices.flatMap(({ deviceId }) => Array.from({ length: copies }, () => deviceId));
  const targets = sources.map(() => newId());
  await services.database.unwalled("benchmark: more devices", async (tx) => {
    for (const table of deviceTables) {
      const columns = await tx.sql<{ name: string }>(
        "select attname as name from pg_attribute where attrelid = $1::text::regclass and attnum > 0 and not attisdropped and attname <> 'device_id' and attgenerated = ''",
        [`hauswart.${table}`],
      );
      const names = columns.map(({ name }) => `"${name}"`).join(", ");
      await tx.sql(
        `insert into hauswart.${table} (device_id, ${names}) select m.target, ${names} from unnest($1::uuid[], $2::uuid[]) as m(source, target) join hauswart.${table} t on t.device_id = m.source`,
        [sources, targets],
      );
    }
    await tx.sql("analyze");
  });
  return [...devices.map(({ deviceId }) => deviceId), ...targets];
}

/** Bytes of a table's partitions with their indexes and out-of-line storage. */
export async function bytesOf({ services }: MadeHistory, table: string): Promise<number> {
  const [row] = await services.database.unwalled("benchmark: size", (tx) =>
    tx.sql<{ bytes: number }>(
      "select sum(pg_total_relation_size(inhrelid))::float8 as bytes from pg_inherits where inhparent = $1::text::regclass",
      [`hauswart.${table}`],
    ),
  );
  return row!.bytes;
}
