/** Rows that most tests start with, and the context of somebody who works on them. */
import type { Id } from "@hauswart/protocol/ids.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { inProcessBus } from "@hauswart/server/bus/in-process.ts";
import type { ManualClock } from "@hauswart/server/clock.ts";
import { manualClock } from "@hauswart/server/clock.ts";
import type { Context } from "@hauswart/server/context.ts";
import type { Database } from "@hauswart/server/database/database.ts";
import { query } from "@hauswart/server/database/query.ts";
import { temporaryIdentity } from "@hauswart/server/identity.ts";
import { silentLogger } from "@hauswart/server/operation/log.ts";
import { makeMetrics } from "@hauswart/server/operation/metrics.ts";
import { temporarySealedBox } from "@hauswart/server/secrets/sealed-box.ts";
import type { Services } from "@hauswart/server/services.ts";
import { parseSettings } from "@hauswart/server/settings.ts";

export interface SeededCustomer {
  readonly customerId: Id;
  readonly siteId: Id;
  readonly name: string;
}

export interface SeededTenant {
  readonly providerId: Id;
  /** Two customers with a site each. */
  readonly first: SeededCustomer;
  readonly second: SeededCustomer;
}

/** A provider with two customers with a site each. Call it twice for two providers. */
export async function seedTenant(database: Database): Promise<SeededTenant> {
  const tenant: SeededTenant = {
    providerId: newId(),
    first: { customerId: newId(), siteId: newId(), name: "First Customer" },
    second: { customerId: newId(), siteId: newId(), name: "Second Customer" },
  };
  const { providerId, first, second } = tenant;
  await database.unwalled("seed of a test", async (tx) => {
    await tx.run(query.insertInto("provider").values({ provider_id: providerId, name: "Provider" }));
    for (const { customerId, siteId, name } of [first, second]) {
      await tx.run(query.insertInto("customer").values({ provider_id: providerId, customer_id: customerId, name }));
      await tx.run(
        query.insertInto("site").values({ provider_id: providerId, site_id: siteId, customer_id: customerId, name: "Main site" }),
      );
    }
  });
  return tenant;
}

/** A Linux server at the customer's site, enrolled and without a connection. @returns its id */
export async function seedDevice(
  database: Database,
  { providerId }: Pick<SeededTenant, "providerId">,
  { customerId, siteId }: SeededCustomer,
  name = "server-1",
): Promise<Id> {
  const deviceId = newId();
  const keys = { provider_id: providerId, device_id: deviceId, customer_id: customerId };
  await database.unwalled("seed of a test", async (tx) => {
    await tx.run(query.insertInto("device").values({ ...keys, site_id: siteId, name, hostname: name, role: "server", system: "linux" }));
    await tx.run(query.insertInto("device_link").values(keys));
  });
  return deviceId;
}

export type TestServices = Services & { readonly clock: ManualClock };

/** Services around a database: the clock stands at 2026-03-02 10:00 UTC (a Monday) until it is moved, the log is silent. */
export function testServices(database: Database, changes: Partial<Services> = {}): TestServices {
  return {
    processId: newId(),
    settings: parseSettings({}),
    database,
    bus: inProcessBus(silentLogger),
    log: silentLogger,
    metrics: makeMetrics(),
    checks: new Map(),
    identity: temporaryIdentity(),
    secrets: temporarySealedBox(),
    clock: manualClock(Date.UTC(2026, 2, 2, 10)),
    ...changes,
  } as TestServices;
}

/** The context of an API key that may do everything at this provider; `changes` narrow it. */
export function contextFor(services: Services, { providerId }: Pick<SeededTenant, "providerId">, changes: Partial<Context> = {}): Context {
  return {
    services,
    providerId,
    customers: "*",
    scopes: "*",
    actor: { kind: "api-key", id: newId(), name: "test key" },
    language: "en",
    address: "127.0.0.1",
    ...changes,
  };
}
