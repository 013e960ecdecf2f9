import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { newId } from "@hauswart/protocol/ids.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { beatProcess } from "./process-heartbeat.ts";
import { sweepSilence } from "./sweep-silence.ts";

setDefaultTimeout(120_000);

let database: TestDatabase;
let services: TestServices;
let tenant: SeededTenant;
let deviceId: string;
const minute = 60_000;
const day = 86_400_000;

beforeAll(async () => {
  database = await testDatabase();
});
beforeEach(async () => {
  services = testServices(database);
  await database.unwalled("test", (tx) => tx.sql("delete from server_process where true", []));
  await database.unwalled("test", (tx) => tx.sql("delete from device where true", []));
  tenant = await seedTenant(database);
  deviceId = await seedDevice(database, tenant, tenant.first);
});
afterAll(() => database.close());

/** The process is up from `fromMs` to `untilMs`, as its heartbeats would show. */
async function served(processId: string, fromMs: number, untilMs: number, stopped = false): Promise<void> {
  await database.unwalled("test", (tx) =>
    tx.sql(
      `insert into server_process (process_id, started_at, alive_at, stopped_at) values ($1, $2, $3, case when $4::boolean then $3::timestamptz end)
       on conflict (process_id) do update set alive_at = excluded.alive_at, stopped_at = excluded.stopped_at`,
      [processId, new Date(fromMs).toISOString(), new Date(untilMs).toISOString(), stopped],
    ),
  );
}
type Columns = Readonly<Record<string, string | number | null>>;
async function change(table: "device" | "device_link", of: string, columns: Columns): Promise<void> {
  const values = Object.entries({ device_id: of, ...columns });
  const text = `update ${table} set ${values.map(([name], index) => `${name} = $${index + 1}`).join(", ")} where device_id = $1`;
  await database.unwalled("test", (tx) =>
    tx.sql(
      text,
      values.map(([, value]) => (typeof value === "number" ? new Date(value).toISOString() : value)),
    ),
  );
}
const link = (columns: Columns) => change("device_link", deviceId, { process_id: services.processId, ...columns });
const open = () =>
  database.transaction({ providerId: tenant.providerId, customers: "*" }, (tx) =>
    tx.sql<{ code: string; evidence: Record<string, unknown> }>("select code, evidence from finding where closed_at is null"),
  );

describe("the watch over silent devices", () => {
  test("opens one finding for a server that has been silent for longer than five minutes, once", async () => {
    const now = services.clock.now();
    await served(services.processId, now - day, now);
    await link({ connected_at: now - day, disconnected_at: now - 6 * minute, last_seen_at: now - 6 * minute });
    expect([await sweepSilence(services), await sweepSilence(services)]).toEqual([1, 0]);
    expect(await open()).toEqual([
      {
        code: "silent",
        evidence: {
          lastSeenAtMs: now - 6 * minute,
          limitSeconds: 300,
          ownDowntimeSeconds: 0,
          goodbye: null,
          why: "unknown",
          certainty: "possible",
          clues: "no-others",
        },
      },
    ]);
  });

  test.each([
    ["another computer", {}, ["computer-gone", "others-connected"]],
    ["a website measured by this server", { kind: "measured" }, ["unknown", "no-others"]],
    ["a notebook behind another gateway", { gateway_addresses: "{192.168.178.1}" }, ["unknown", "no-others"]],
  ])("what %s that stays connected at the site tells of the one that is gone", async (_, columns, expected) => {
    const now = services.clock.now();
    await served(services.processId, now - day, now);
    const other = await seedDevice(database, tenant, tenant.first, "other");
    await change("device", other, columns);
    await change("device_link", other, { process_id: services.processId, connected_at: now - day, last_seen_at: now });
    await change("device", deviceId, { gateway_addresses: "{10.0.0.1}" });
    await link({ connected_at: now - day, disconnected_at: now - 6 * minute, last_seen_at: now - 6 * minute });
    await sweepSilence(services);
    expect((await open()).map(({ evidence }) => [evidence["why"], evidence["clues"]])).toEqual([expected]);
  });

  test("leaves alone who is connected, who said goodbye, who never came, who is revoked", async () => {
    const now = services.clock.now();
    await served(services.processId, now - day, now);
    await link({ connected_at: now - day, last_seen_at: now - day });
    expect(await sweepSilence(services)).toBe(0);
    await link({
      connected_at: now - day,
      disconnected_at: now - minute * 60,
      last_seen_at: now - minute * 60,
      goodbye: "shutdown",
      goodbye_at: now - minute * 60,
    });
    expect(await sweepSilence(services)).toBe(0);
    await link({ connected_at: null, disconnected_at: null, last_seen_at: null, goodbye: null, goodbye_at: null });
    expect(await sweepSilence(services)).toBe(0);
    await link({ connected_at: now - day, disconnected_at: now - minute * 60, last_seen_at: now - minute * 60 });
    await database.unwalled("test", (tx) => tx.sql("update device set lifecycle = 'revoked' where device_id = $1", [deviceId]));
    expect(await sweepSilence(services)).toBe(0);
  });

  test("a workstation may be silent for two weeks, and the provider may say otherwise", async () => {
    const now = services.clock.now();
    await served(services.processId, now - 30 * day, now);
    await database.unwalled("test", (tx) => tx.sql("update device set role = 'workstation' where device_id = $1", [deviceId]));
    await link({ connected_at: now - 30 * day, disconnected_at: now - 13 * day, last_seen_at: now - 13 * day });
    expect(await sweepSilence(services)).toBe(0);
    await database.unwalled("test", (tx) =>
      tx.sql(`update provider set settings = '{"workstationSilentDays": 7}' where provider_id = $1`, [tenant.providerId]),
    );
    expect(await sweepSilence(services)).toBe(1);
  });

  test("our own downtime is nobody's silence: after a night without the server nobody is overdue", async () => {
    const now = services.clock.now();
    const before = newId();
    await served(before, now - day, now - 8 * 60 * minute);
    await link({ process_id: before, connected_at: now - day, last_seen_at: now - 8 * 60 * minute });
    await served(services.processId, now, now);
    expect(await sweepSilence(services)).toBe(0);
    for (const minutes of [1, 3, 5]) {
      services.clock.set(now + minutes * minute);
      await served(services.processId, now, services.clock.now());
      expect(await sweepSilence(services)).toBe(0);
    }
    services.clock.set(now + 5 * minute + 1);
    await served(services.processId, now, services.clock.now());
    expect(await sweepSilence(services)).toBe(1);
    expect((await open())[0]!.evidence).toMatchObject({ ownDowntimeSeconds: 8 * 3_600 });
  });

  test("a device that returns while it is being found overdue is left alone", async () => {
    const now = services.clock.now();
    await served(services.processId, now - day, now);
    await link({ connected_at: now - day, disconnected_at: now - 6 * minute, last_seen_at: now - 6 * minute });
    const racing = {
      ...services,
      database: {
        ...database,
        unwalled: async (reason: string, work: never) => {
          const result = await database.unwalled(reason, work);
          // It has come back since the look at all devices.
          await database.transaction({ providerId: tenant.providerId, customers: "*" }, (tx) =>
            tx.sql("update device_link set epoch = epoch + 1, connected_at = $2 where device_id = $1", [
              deviceId,
              new Date(now).toISOString(),
            ]),
          );
          return result;
        },
      },
    };
    await sweepSilence(racing as never);
    expect(await open()).toEqual([]);
  });
});

describe("the heartbeat of a process", () => {
  const row = async () =>
    (
      await database.unwalled("test", (tx) =>
        tx.sql<Record<"started_at" | "alive_at" | "stopped_at" | "gap_from" | "gap_until", Date | null>>(
          "select * from server_process where process_id = $1",
          [services.processId],
        ),
      )
    )[0]!;
  test("shows that it serves, and that it ended in an orderly way", async () => {
    const heartbeat = beatProcess(services);
    await heartbeat.started;
    expect((await row()).stopped_at).toBeNull();
    services.clock.advance(1_000);
    await heartbeat.stop();
    expect((await row()).stopped_at).toEqual(new Date(services.clock.now()));
  });
  test("a beat that comes much too late leaves a gap behind", async () => {
    const first = services.clock.now();
    await beatProcess(services).stop();
    services.clock.advance(60_000);
    const again = beatProcess(services);
    await again.started;
    await again.stop();
    expect(await row()).toMatchObject({ gap_from: new Date(first), gap_until: new Date(first + 60_000) });
  });
});
