import { expect, setDefaultTimeout, test } from "bun:test";
import { testDatabase } from "@hauswart/testkit/database.ts";
import { seedDevice, seedTenant } from "@hauswart/testkit/seed.ts";
import { tank, tankRegistry, tankSample } from "@hauswart/testkit/tank-check.ts";
import type { Tx } from "../database/database.ts";
import { codecOf, ValuePlaces } from "./value-places.ts";

setDefaultTimeout(60_000);

test("of many facts only those are read that the samples name", async () => {
  await using database = await testDatabase();
  const tenant = await seedTenant(database);
  const deviceId = await seedDevice(database, tenant, tenant.first);
  const { providerId, first } = tenant;
  const { fact, values } = codecOf(tank).split(tankSample({ A: 1 }) as never);
  const places = codecOf(tank).describe(fact);
  const write = (text: string, ...more: readonly unknown[]) =>
    database.unwalled("test", (tx) => tx.sql(text, [providerId, deviceId, first.customerId, ...more]));
  await write(
    "insert into hauswart.check_instance (provider_id, device_id, number, customer_id, check_id, every_seconds) values ($1, $2, 3, $3, $4, 60)",
    tank.id,
  );
  await write(
    `insert into hauswart.sample_fact (provider_id, device_id, check_number, fact_number, customer_id, first_at, body, hash)
     select $1, $2, 3, number, $3, now(), $4::text::jsonb, 0 from generate_series(1, 100) as number`,
    JSON.stringify(fact),
  );
  const samples = [7, 9, 7, -2].map((number) => ({
    checkNumber: 3,
    atMs: 0,
    receivedAtMs: 0,
    fact: number,
    values: values.map((value) => value ?? Number.NaN),
  }));
  const read: object[] = [];
  await database.unwalled("test", async (tx) => {
    const counted = { ...tx, sql: async (...query: Parameters<typeof tx.sql>) => (read.push(...(await tx.sql(...query))), read) } as Tx;
    const known = await ValuePlaces.load(
      counted,
      providerId,
      tankRegistry,
      new Map([[deviceId, { customerId: first.customerId, samples }]]),
    );
    const named = places.map(({ field, subject }) => ({ field, subject }));
    for (const number of [7, 9]) expect(known.of(deviceId, 3, number, values.length)).toEqual(named);
  });
  expect(read.map((row) => (row as { fact_number: number }).fact_number).sort((one, other) => one - other)).toEqual([7, 9]);
});
