import { afterAll, beforeAll, expect, test } from "bun:test";
import { newId } from "@hauswart/protocol/ids.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { seedDevice, seedTenant } from "@hauswart/testkit/seed.ts";
import { isoTime } from "../times.ts";
import { availabilityOf } from "./availability.ts";
import { isConnected } from "./is-connected.ts";
import { isPresentSql, presenceOf } from "./presence-of.ts";

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());

const now = Date.UTC(2026, 2, 2, 10);
const ago = (...seconds: (number | null)[]) => seconds.map((age) => (age === null ? null : new Date(now - age * 1_000)));

/** Every combination of times around the limits. */
const rows = ago(null, 3_600, 60, 10).flatMap((connected_at) =>
  ago(null, 7_200, 3_600, 90, 89.999, 5).flatMap((disconnected_at) =>
    ago(null, 100, 89).flatMap((last_seen_at) =>
      ago(null, 100, 15, 14.999).flatMap((process_alive_at) =>
        ago(null, 1).flatMap((process_stopped_at) =>
          (["none", "said", "without a time"] as const).map((goodbye) => ({
            connected_at,
            disconnected_at,
            last_seen_at,
            process_alive_at,
            process_stopped_at,
            goodbye: goodbye === "none" ? null : "shutdown",
            goodbye_at: goodbye === "said" ? new Date(now - 1_000) : null,
          })),
        ),
      ),
    ),
  ),
);

test(`the statement that counts devices that are present says the same as the rule, in ${rows.length} cases`, async () => {
  const found = await database.unwalled("test", (tx) =>
    tx.sql<{ is_present: boolean }>(
      `select ${isPresentSql("l", "$1")} as is_present
       from jsonb_to_recordset($2::text::jsonb) as l(place int, connected_at timestamptz, disconnected_at timestamptz, last_seen_at timestamptz, goodbye text, goodbye_at timestamptz,
         process_alive_at timestamptz, process_stopped_at timestamptz)
       cross join lateral (select l.process_alive_at as alive_at, l.process_stopped_at as stopped_at) l_process order by l.place`,
      [isoTime(now), JSON.stringify(rows.map((row, place) => ({ ...row, place })))],
    ),
  );
  const expected = rows.map((row) => presenceOf(row, availabilityOf([], now), now).state === "present");
  expect(found.map(({ is_present }) => is_present)).toEqual(expected);
  expect(new Set(expected).size).toBe(2);
});

test("whom the database takes for cut off is an agent that the rule does not take for connected", async () => {
  const tenant = await seedTenant(database);
  const deviceId = await seedDevice(database, tenant, tenant.first);
  const cases = rows.filter(({ goodbye, last_seen_at }) => goodbye === null && last_seen_at === null);
  const found = await database.unwalled("test", async (tx) => {
    const answers: (boolean | undefined)[] = [];
    for (const { connected_at, disconnected_at, process_alive_at, process_stopped_at } of cases) {
      const processId = process_alive_at && newId();
      if (processId)
        await tx.sql("insert into hauswart.server_process (process_id, started_at, alive_at, stopped_at) values ($1, $2, $2, $3)", [
          processId,
          isoTime(process_alive_at.getTime()),
          process_stopped_at && isoTime(process_stopped_at.getTime()),
        ]);
      await tx.sql("update hauswart.device_link set connected_at = $2, disconnected_at = $3, process_id = $4 where device_id = $1", [
        deviceId,
        connected_at && isoTime(connected_at.getTime()),
        disconnected_at && isoTime(disconnected_at.getTime()),
        processId,
      ]);
      const [row] = await tx.sql<{ cut_off: boolean }>("select hauswart.is_cut_off($1, $2, $3) as cut_off", [
        tenant.providerId,
        deviceId,
        isoTime(now),
      ]);
      answers.push(row?.cut_off);
    }
    return answers;
  });
  const expected = cases.map((row) => !isConnected(row, now));
  expect(found).toEqual(expected);
  expect(new Set(expected).size).toBe(2);
});
