/**
 * Ten thousand devices as an IT house has them, in a running server's database: one simulated computer is enrolled and measured
 * over the real link, and everything that the server then has of it is copied. Then the copies are told apart: names, customers,
 * sites, tags, states, findings, who is away. A mover keeps their evidence fresh as agents do, once a minute each.
 */
import type { Client } from "@hauswart/protocol/api/client.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import type { Database, Tx } from "@hauswart/server/database/database.ts";
import { connectFleet, enrolFleet } from "./bench-fleet.ts";
import { pause } from "./benchmark.ts";
import type { ServerUnderTest } from "./server-under-test.ts";

export interface MadeCustomer {
  readonly customerId: Id;
  readonly name: string;
  readonly siteIds: readonly Id[];
}

/** How a device is: `away` is switched off and unknown, `unknown` is there with a check that could not measure. */
export type MadeState = "ok" | "warning" | "failure" | "unknown" | "away";

export interface MadeDevice {
  readonly deviceId: Id;
  readonly name: string;
  readonly hostname: string;
  readonly customer: MadeCustomer;
  readonly siteId: Id;
  readonly tags: readonly string[];
  readonly state: MadeState;
}

export interface ConsoleFleet {
  readonly customers: readonly MadeCustomer[];
  /** In the order of their names. */
  readonly devices: readonly MadeDevice[];
}

const trades = [
  "Bakery",
  "Clinic",
  "Logistics",
  "Architects",
  "Law Office",
  "Printers",
  "Dental",
  "Roofing",
  "Brewery",
  "Insurance",
  "School",
  "Garage",
];
const towns = ["Aachen", "Bremen", "Celle", "Dresden", "Erfurt", "Fulda", "Goslar", "Hanau", "Itzehoe", "Jena"];
const tags = ["accounting", "terminal server", "kiosk", "vip", "lab"];

/** In a hundred devices: two failures, three warnings, four with something unknown, six away. */
function stateOf(index: number): MadeState {
  const place = (index * 37) % 100;
  return place < 2 ? "failure" : place < 5 ? "warning" : place < 9 ? "unknown" : place < 15 ? "away" : "ok";
}

function makeCustomers(count: number): MadeCustomer[] {
  return Array.from({ length: count }, (_, index) => ({
    customerId: newId(),
    name: `${trades[index % trades.length]} ${towns[Math.floor(index / trades.length) % towns.length]} ${index + 1}`,
    siteIds: [newId(), newId()],
  }));
}

function makeDevices(count: number, customers: readonly MadeCustomer[]): MadeDevice[] {
  const devices = Array.from({ length: count }, (_, index): MadeDevice => {
    const customer = customers[(index * 7) % customers.length]!;
    const kind = index % 9 === 0 ? "SRV" : index % 3 === 0 ? "NB" : "PC";
    const number = String(index + 1).padStart(5, "0");
    return {
      deviceId: newId(),
      name: `${kind}-${customer.name.split(" ")[0]!.toUpperCase()}-${number}`,
      hostname: `host-${number}.example.internal`,
      customer,
      siteId: customer.siteIds[index % 2]!,
      tags: index % 4 === 0 ? [tags[(index / 4) % tags.length]!] : [],
      state: stateOf(index),
    };
  });
  return devices.sort((one, other) => (one.name.toLowerCase() < other.name.toLowerCase() ? -1 : 1));
}

/** Makes the fleet. @param deviceCount without the one that is copied, which is revoked and deleted afterwards. */
export async function makeConsoleFleet(
  api: Client,
  server: ServerUnderTest,
  database: Database,
  { deviceCount, customerCount }: { deviceCount: number; customerCount: number },
): Promise<ConsoleFleet> {
  const prototype = await measurePrototype(api, server);
  const customers = makeCustomers(customerCount);
  const devices = makeDevices(deviceCount, customers);
  await database.unwalled("benchmark: fleet", async (tx) => {
    await writeTenancy(tx, prototype, customers);
    await writeDevices(tx, prototype, devices);
    for (const table of ["device_link", "check_instance", "sample_fact"]) await copyRows(tx, table, prototype);
    await tx.sql("delete from hauswart.device where device_id = $1", [prototype]);
    await tellStatesApart(tx, devices);
    await writeFindings(tx, devices);
  });
  await database.unwalled("benchmark: statistics", (tx) => tx.sql("analyze"));
  return { customers, devices };
}

/** One computer with twenty checks, each measured. @returns its device */
async function measurePrototype(api: Client, server: ServerUnderTest): Promise<Id> {
  const fleet = await connectFleet(server, await enrolFleet(api, server, 1, 1));
  const [agent] = fleet.agents;
  agent!.measure(Date.now());
  await fleet.until((one) => one.isCurrent, 60_000);
  await fleet.stop();
  const { items } = await api("listDeviceChecks", { params: { deviceId: agent!.deviceId } });
  if (items.length !== 20 || items.some(({ evidenceAt }) => evidenceAt === null))
    throw new Error("The computer to be copied was not measured.");
  return agent!.deviceId;
}

const column = <Row, Value>(rows: readonly Row[], of: (row: Row) => Value) => rows.map(of);

async function writeTenancy(tx: Tx, prototype: Id, customers: readonly MadeCustomer[]): Promise<void> {
  await tx.sql(
    `insert into hauswart.customer (provider_id, customer_id, name)
     select d.provider_id, r.id, r.name from hauswart.device d cross join unnest($2::uuid[], $3::text[]) as r(id, name) where d.device_id = $1`,
    [prototype, column(customers, ({ customerId }) => customerId), column(customers, ({ name }) => name)],
  );
  const sites = customers.flatMap(({ customerId, siteIds }) =>
    siteIds.map((siteId, at) => ({ customerId, siteId, name: ["Main office", "Warehouse"][at] })),
  );
  await tx.sql(
    `insert into hauswart.site (provider_id, site_id, customer_id, name)
     select d.provider_id, r.id, r.customer_id, r.name from hauswart.device d cross join unnest($2::uuid[], $3::uuid[], $4::text[]) as r(id, customer_id, name) where d.device_id = $1`,
    [prototype, column(sites, ({ siteId }) => siteId), column(sites, ({ customerId }) => customerId), column(sites, ({ name }) => name)],
  );
}

async function writeDevices(tx: Tx, prototype: Id, devices: readonly MadeDevice[]): Promise<void> {
  await tx.sql(
    `insert into hauswart.device (provider_id, device_id, customer_id, site_id, name, hostname, tags, role, system, system_name, system_version, architecture, agent_version,
       public_key, fingerprint, agent_checks, booted_at, next_check_number)
     select d.provider_id, r.id, r.customer_id, r.site_id, r.name, r.hostname, array_remove(array[r.tag], ''), case when r.name like 'SRV%' then 'server' else 'workstation' end,
       d.system, d.system_name, d.system_version, d.architecture, d.agent_version, sha256(r.name::bytea), r.name, d.agent_checks, d.booted_at, d.next_check_number
     from hauswart.device d cross join unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[]) as r(id, customer_id, site_id, name, hostname, tag) where d.device_id = $1`,
    [
      prototype,
      column(devices, ({ deviceId }) => deviceId),
      column(devices, ({ customer }) => customer.customerId),
      column(devices, ({ siteId }) => siteId),
      column(devices, ({ name }) => name),
      column(devices, ({ hostname }) => hostname),
      column(devices, (device) => device.tags[0] ?? ""),
    ],
  );
}

async function copyRows(tx: Tx, table: string, prototype: Id): Promise<void> {
  const columns = await tx.sql<{ name: string }>(
    "select attname as name from pg_attribute where attrelid = $1::text::regclass and attnum > 0 and not attisdropped and attname not in ('device_id', 'customer_id') and attgenerated = ''",
    [`hauswart.${table}`],
  );
  const names = columns.map(({ name }) => `"${name}"`);
  await tx.sql(
    `insert into hauswart.${table} (device_id, customer_id, ${names.join(", ")})
     select d.device_id, d.customer_id, ${names.map((name) => `t.${name}`).join(", ")} from hauswart.${table} t join hauswart.device d on d.device_id <> t.device_id where t.device_id = $1`,
    [prototype],
  );
}

const inState = (devices: readonly MadeDevice[], state: MadeState) =>
  devices.filter((device) => device.state === state).map(({ deviceId }) => deviceId);

async function tellStatesApart(tx: Tx, devices: readonly MadeDevice[]): Promise<void> {
  await tx.sql(
    "update hauswart.check_instance set state = 'ok', unknown_reason = null, unknown_detail = null, state_since = now() - interval '3 days', verdicts = '[]'",
  );
  for (const state of ["warning", "failure", "unknown"] as const)
    await tx.sql(
      `update hauswart.check_instance set state = $2, unknown_reason = case when $2 = 'unknown' then 'collect-failed' end
       where device_id = any ($1::uuid[]) and number in (1, case when $2 = 'failure' then 4 else 1 end)`,
      [inState(devices, state), state],
    );
  await tx.sql(
    `update hauswart.device_link set connected_at = now() - interval '1 day', disconnected_at = null, goodbye = null, goodbye_at = null, last_seen_at = now(),
       evidence_at = array_fill(now() - random() * interval '50 seconds', array[cardinality(evidence_at)]),
       process_id = (select process_id from hauswart.server_process where stopped_at is null order by alive_at desc limit 1)`,
  );
  await tx.sql(
    `update hauswart.device_link set last_seen_at = now() - interval '3 hours', disconnected_at = now() - interval '3 hours', goodbye = 'shutdown', goodbye_at = now() - interval '3 hours',
       evidence_at = array_fill(now() - interval '3 hours', array[cardinality(evidence_at)]) where device_id = any ($1::uuid[])`,
    [inState(devices, "away")],
  );
}

/** One open finding for every bad device, and three of each device that are over. */
async function writeFindings(tx: Tx, devices: readonly MadeDevice[]): Promise<void> {
  const columns =
    "provider_id, finding_id, customer_id, site_id, device_id, check_id, check_number, code, subject, severity, evidence, evidence_at, opened_at, changed_at";
  await tx.sql(
    `insert into hauswart.finding (${columns}, closed_at, close_reason)
     select d.provider_id, uuidv7(), d.customer_id, d.site_id, d.device_id, 'disk-space', 0, 'low', 'volume ' || n, 'warning', '{"freePercent": 4}', t.at, t.at, t.at + interval '1 hour', t.at + interval '1 hour', 'recovered'
     from hauswart.device d cross join generate_series(1, 3) n cross join lateral (select now() - n * interval '9 days' - random() * interval '8 days' as at) t`,
  );
  for (const severity of ["warning", "failure"] as const)
    await tx.sql(
      `insert into hauswart.finding (${columns})
       select d.provider_id, uuidv7(), d.customer_id, d.site_id, d.device_id, 'disk-space', 0, 'low', '/', $2, '{"freePercent": 4}', t.at, t.at, t.at
       from hauswart.device d cross join lateral (select now() - random() * interval '3 days' as at) t where d.device_id = any ($1::uuid[])`,
      [inState(devices, severity), severity],
    );
}

/** Moves the evidence of all devices that are there, a sixtieth of them every second, as agents of a cycle of a minute do. */
export class EvidenceMover {
  readonly #parts: Id[][];
  #ended = false;
  readonly #running: Promise<void>;

  constructor(database: Database, devices: readonly MadeDevice[]) {
    const there = devices.filter(({ state }) => state !== "away").map(({ deviceId }) => deviceId);
    const size = Math.ceil(there.length / 60);
    this.#parts = Array.from({ length: 60 }, (_, at) => there.slice(at * size, (at + 1) * size));
    this.#running = this.#run(database);
  }

  async #run(database: Database): Promise<void> {
    for (let at = 0; !this.#ended; at = (at + 1) % this.#parts.length) {
      const startMs = performance.now();
      await database.unwalled("benchmark: evidence", (tx) =>
        tx.sql(
          "update hauswart.device_link set evidence_at = array_fill(now(), array[cardinality(evidence_at)]), last_seen_at = now(), last_sequence = last_sequence + 1 where device_id = any ($1::uuid[])",
          [this.#parts[at]],
        ),
      );
      await pause(Math.max(0, 1_000 - (performance.now() - startMs)));
    }
  }

  async stop(): Promise<void> {
    this.#ended = true;
    await this.#running;
  }
}

/** Waits until the server has counted every device once. Throws after two minutes. */
export async function untilCounted(database: Database): Promise<void> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    const [row] = await database.unwalled("benchmark: counted devices", (tx) =>
      tx.sql<{ waiting: number }>("select count(*)::int as waiting from hauswart.device_state where valid_until <= now()"),
    );
    if (row!.waiting === 0) return;
    if (performance.now() > deadline) throw new Error(`${row!.waiting} devices have not been counted.`);
    await pause(500);
  }
}
