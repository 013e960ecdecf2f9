import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { AuditAction } from "@hauswart/protocol/api/audit-actions.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedTenant, testServices, type SeededTenant } from "@hauswart/testkit/seed.ts";
import { until } from "@hauswart/testkit/until.ts";
import type { Context } from "../context.ts";
import { audit } from "./audit.ts";
import { listAudit } from "./list-audit.ts";
import { sealAudit } from "./seal-audit.ts";
import { verifyAuditChain } from "./verify-audit-chain.ts";

let database: TestDatabase;
let tenant: SeededTenant;
let ctx: Context;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await seedTenant(database);
  ctx = contextFor(testServices(database), tenant);
});

const write = (action: string, customerId: string | null = null, detail: Record<string, unknown> = {}) =>
  database.transaction(ctx, (tx) =>
    audit(tx, ctx, { action: action as AuditAction, subject: { kind: "device", id: newId() }, customerId, detail }),
  );
const tamper = (statement: string, ...values: unknown[]) =>
  database.unwalled("tampering of a test", (tx) => tx.sql(statement, [tenant.providerId, ...values]));
/** Seals what was written until now: other tests share the database server, and rows wait for transactions that are older. */
async function seal(): Promise<void> {
  const bound = async (of: "xmin" | "xmax") =>
    (
      await database.unwalled("look of a test", (tx) =>
        tx.sql<{ id: string }>(`select pg_snapshot_${of}(pg_current_snapshot())::text as id`),
      )
    )[0]!.id;
  const written = BigInt(await bound("xmax"));
  await until("older transactions to end", async () => BigInt(await bound("xmin")) >= written);
  await sealAudit(database);
}
const verify = () => verifyAuditChain(database, tenant.providerId);
const positions = () =>
  database.unwalled("look of a test", (tx) =>
    tx.sql<{ action: string; position: number | null }>(
      "select action, position from hauswart.audit_entry where provider_id = $1 order by position, audit_entry_id",
      [tenant.providerId],
    ),
  );

describe("sealing", () => {
  test("gives every row its place, seal after seal, and the chain holds", async () => {
    for (const action of ["a", "b", "c"]) await write(action, tenant.first.customerId);
    await seal();
    await write("d");
    await write("e", tenant.second.customerId, { deep: { list: [1, 0.1, 1e21, "ä\u2028", null, true], empty: {} } });
    await seal();
    await write("f");
    expect(await positions()).toEqual(
      ["a", "b", "c", "d", "e"]
        .map((action, index) => ({ action, position: index + 1 }))
        .concat([{ action: "f", position: null as never }]),
    );
    expect(await verify()).toMatchObject({ entries: 6, unsealed: 1, seals: 2, problems: [] });
  });

  test("a row of a transaction that still runs is left for later, also when younger ones are there", async () => {
    const slow = Promise.withResolvers<void>();
    const written = Promise.withResolvers<void>();
    const running = database.transaction(ctx, async (tx) => {
      await audit(tx, ctx, { action: "slow" as AuditAction, subject: { kind: "device", id: "1" }, customerId: null });
      written.resolve();
      await slow.promise;
    });
    await written.promise;
    await write("quick");
    await sealAudit(database);
    expect((await positions()).map(({ position }) => position)).toEqual([null]);
    slow.resolve();
    await running;
    await seal();
    expect(await positions()).toEqual([
      { action: "slow", position: 1 },
      { action: "quick", position: 2 },
    ]);
    expect((await verify()).problems).toEqual([]);
  });

  test("many writers and sealers at once leave no gap and no fork", async () => {
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        index % 6 === 5 ? sealAudit(database) : write(`act-${index}`, index % 2 ? tenant.first.customerId : null),
      ),
    );
    await seal();
    expect(await verify()).toMatchObject({ entries: 50, unsealed: 0, problems: [] });
  });

  test("a change that is rolled back leaves no row", async () => {
    const failed = database.transaction(ctx, async (tx) => {
      await audit(tx, ctx, { action: "undone" as AuditAction, subject: { kind: "device", id: "1" }, customerId: null });
      throw new Error("the change failed");
    });
    await expect(failed).rejects.toThrow("the change failed");
    expect(await positions()).toEqual([]);
  });

  test("texts that a database cannot hold as they are do not break row or chain", async () => {
    await write("odd", null, { "na\0me": "nul\0 and lone \ud800 surrogate", undefined: undefined, date: new Date(0) });
    await seal();
    expect((await verify()).problems).toEqual([]);
    const { items } = await listAudit({ ctx, input: { limit: 10 } });
    expect(items[0]!.detail).toEqual({ name: "nul and lone \ufffd surrogate", date: "1970-01-01T00:00:00.000Z" });
  });
});

describe("verifying finds", () => {
  beforeEach(async () => {
    for (const action of ["a", "b", "c"]) await write(action, tenant.first.customerId, { value: action });
    await seal();
    for (const action of ["d", "e"]) await write(action);
    await seal();
  });

  test.each([
    ["what was done", "action = 'x'"],
    ["who did it", `actor = '{"kind": "system", "id": "x", "name": "x"}'`],
    ["to what", "subject_id = 'x'"],
    ["when", "at = at + interval '1 millisecond'"],
    ["details", `detail = '{"value": "x"}'`],
    ["whose it is", "customer_id = null"],
  ])("a changed row: %s", async (_, change) => {
    await tamper(`update hauswart.audit_entry set ${change} where provider_id = $1 and position = 2`);
    expect((await verify()).problems).toContainEqual(expect.objectContaining({ kind: "entry-changed", position: 2 }));
  });

  test("a changed row whose hash was made to fit", async () => {
    const forged = await database.transaction(ctx, async (tx) => {
      await audit(tx, ctx, { action: "forged" as AuditAction, subject: { kind: "device", id: "1" }, customerId: tenant.first.customerId });
      return tx.sql<{ audit_entry_id: string }>(
        "select audit_entry_id from hauswart.audit_entry where provider_id = $1 and action = 'forged'",
        [tenant.providerId],
      );
    });
    await tamper("delete from hauswart.audit_entry where provider_id = $1 and position = 2");
    await tamper("update hauswart.audit_entry set position = 2 where provider_id = $1 and audit_entry_id = $2", forged[0]!.audit_entry_id);
    expect((await verify()).problems).toEqual([{ kind: "seal-broken", sealNumber: 1 }]);
  });

  test("a gap", async () => {
    await tamper("delete from hauswart.audit_entry where provider_id = $1 and position = 2");
    expect((await verify()).problems).toEqual([
      { kind: "entry-missing", position: 2 },
      { kind: "seal-broken", sealNumber: 1 },
    ]);
  });

  test("two rows that changed places", async () => {
    await tamper("update hauswart.audit_entry set position = -1 where provider_id = $1 and position = 1");
    await tamper("update hauswart.audit_entry set position = 1 where provider_id = $1 and position = 2");
    await tamper("update hauswart.audit_entry set position = 2 where provider_id = $1 and position = -1");
    expect((await verify()).problems).toEqual([{ kind: "seal-broken", sealNumber: 1 }]);
  });

  test("a row that sneaks in behind the last seal", async () => {
    await write("sneak");
    await tamper("update hauswart.audit_entry set position = 6 where provider_id = $1 and position is null");
    expect((await verify()).problems).toMatchObject([{ kind: "entry-surplus", position: 6 }]);
  });

  test("a seal that is gone, and the end of the chain cut off with its rows only by the head that somebody noted", async () => {
    const noted = (await verify()).head;
    await tamper("delete from hauswart.audit_seal where provider_id = $1 and seal_number = 1");
    expect((await verify()).problems).toMatchObject([
      { kind: "seal-missing", sealNumber: 1 },
      { kind: "seal-broken", sealNumber: 2 },
    ]);
    await tamper("delete from hauswart.audit_entry where provider_id = $1");
    await tamper("delete from hauswart.audit_seal where provider_id = $1");
    expect((await verify()).head).not.toBe(noted);
  });
});

test("the server's own role can neither change nor delete what was written", async () => {
  await write("kept");
  for (const statement of [
    "update hauswart.audit_entry set action = 'x' where provider_id = $1",
    "delete from hauswart.audit_entry where provider_id = $1",
  ]) {
    const attempt = database.transaction(ctx, (tx) => tx.sql(statement, [tenant.providerId]));
    await expect(attempt).rejects.toThrow("permission denied");
  }
});

test("the list pages from new to old and shows a restricted actor only the own customer's rows", async () => {
  for (let index = 0; index < 7; index++) {
    await write(`act-${index}`, [tenant.first.customerId, tenant.second.customerId, null][index % 3]);
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await listAudit({ ctx, input: { limit: 3, cursor } });
    seen.push(...items.map(({ action }) => action));
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  expect(seen.toSorted()).toEqual(Array.from({ length: 7 }, (_, index) => `act-${index}`));
  const restricted = { ...ctx, customers: [tenant.first.customerId] };
  const { items } = await listAudit({ ctx: restricted, input: { limit: 100 } });
  expect(items.map(({ customerId }) => customerId)).toEqual(Array.from({ length: 3 }, () => tenant.first.customerId));
});
