/**
 * Erases customers that somebody asked to erase: table by table, device by device, each step a transaction, so that a process
 * that dies is followed by another one that goes on. Doing a step twice deletes nothing more.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { announce } from "../../announce.ts";
import { announceAccess } from "../../access/accounts/announce-access.ts";
import { audit } from "../../audit/audit.ts";
import { systemContext, type Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { forgetUnusedSettings } from "../../ingest/forget-settings.ts";
import type { Services } from "../../services.ts";
import { isoTime } from "../../times.ts";
import { customerTables, type CustomerTable } from "./customer-tables.ts";

/** So long the rows of the devices stay: their agents are sent away for some seconds, come back, and are told to remove themselves. */
const farewellMs = 60_000;

/** Longer than any single step takes; then another process may take it over. */
const claimMs = 10 * 60_000;

interface Claimed {
  provider_id: Id;
  erasure_id: Id;
  erased_id: Id;
}

/** Works on all that wait. @returns how many customers were erased */
export async function runErasures(services: Services): Promise<number> {
  let erased = 0;
  for (;;) {
    const claimed = await claim(services);
    if (!claimed) return erased;
    try {
      await erase(services, claimed);
      erased++;
    } catch (error) {
      await note(services, claimed, "last_error = $3, claimed_until = $4", [
        error instanceof Error ? error.message.slice(0, 500) : String(error),
        isoTime(services.clock.now() + 60_000),
      ]);
      services.log.error("a customer could not be erased to the end; it will be tried again", { erasureId: claimed.erasure_id, error });
      return erased;
    }
  }
}

async function claim({ database, clock }: Services): Promise<Claimed | undefined> {
  const rows = await database.unwalled("erasures that wait", (tx) =>
    tx.sql<Claimed>(
      `update hauswart.customer_erasure set claimed_until = $2, last_error = null
       where (provider_id, erasure_id) = (select provider_id, erasure_id from hauswart.customer_erasure
         where finished_at is null and coalesce(claimed_until, '-infinity') <= $1::timestamptz and requested_at <= $3::timestamptz order by requested_at limit 1 for update skip locked)
       returning provider_id, erasure_id, erased_id`,
      [isoTime(clock.now()), isoTime(clock.now() + claimMs), isoTime(clock.now() - farewellMs)],
    ),
  );
  return rows[0];
}

async function note({ database }: Services, { provider_id, erasure_id }: Claimed, set: string, values: readonly unknown[]): Promise<void> {
  await database.unwalled("progress of an erasure", (tx) =>
    tx.sql(`update hauswart.customer_erasure set ${set} where provider_id = $1 and erasure_id = $2`, [provider_id, erasure_id, ...values]),
  );
}

interface Step {
  readonly table: CustomerTable;
  readonly deviceId: Id | undefined;
}

async function erase(services: Services, claimed: Claimed): Promise<void> {
  const { database, clock } = services;
  const { provider_id: providerId, erased_id: customerId } = claimed;
  const ctx = systemContext(services, providerId, "erasure");
  const devices = await database.unwalled("devices to erase", (tx) =>
    tx.sql<{ device_id: Id }>("select device_id from hauswart.device where provider_id = $1 and customer_id = $2", [
      providerId,
      customerId,
    ]),
  );
  const steps = customerTables.flatMap((table): Step[] =>
    table.byDevice ? devices.map(({ device_id }) => ({ table, deviceId: device_id })) : [{ table, deviceId: undefined }],
  );
  await note(services, claimed, "steps_total = $3, steps_done = 0", [steps.length]);
  await requireNoneWaits(services, providerId, customerId);
  for (const [index, step] of steps.entries()) {
    const gone = await database.unwalled("erase a customer", (tx) => eraseStep(tx, ctx, customerId, step));
    await note(services, claimed, "steps_done = $3, rows_deleted = rows_deleted + $4, claimed_until = $5", [
      index + 1,
      gone,
      isoTime(clock.now() + claimMs),
    ]);
  }
  // What was written meanwhile by something that had begun before.
  for (const table of customerTables)
    await database.unwalled("erase a customer", (tx) => eraseStep(tx, ctx, customerId, { table, deviceId: undefined }));
  await forgetUnusedSettings(services, providerId);
  await database.unwalled("an erasure is done", async (tx) => {
    const [row] = await tx.sql<{ rows_deleted: number }>(
      "update hauswart.customer_erasure set finished_at = $3, name = null where provider_id = $1 and erasure_id = $2 returning rows_deleted",
      [providerId, claimed.erasure_id, isoTime(clock.now())],
    );
    await audit(tx, ctx, {
      action: "customer.erased",
      subject: { kind: "customer", id: customerId },
      customerId: null,
      detail: { rows: row?.rows_deleted ?? 0 },
    });
    announce(tx, ctx, { kind: "customer", id: customerId, customerId: null, change: "removed" });
  });
}

/** Before anything is begun, so that nothing is half done for as long as something is still needed. */
async function requireNoneWaits({ database }: Services, providerId: Id, customerId: Id): Promise<void> {
  await database.unwalled("what an erasure waits for", async (tx) => {
    for (const table of customerTables) await requireNoRowWaits(tx, providerId, customerId, table);
  });
}

async function requireNoRowWaits(tx: Tx, providerId: Id, customerId: Id, { table, own, waitsWhile }: CustomerTable): Promise<void> {
  if (waitsWhile === undefined) return;
  const [waits] = await tx.sql(`select 1 as one from hauswart.${table} where ${own} and ${waitsWhile} limit 1`, [providerId, customerId]);
  if (waits) throw new Error(`A ${table} that tells of this customer and of others waits to be sent.`);
}

/** Who reaches all but this customer reaches all once it is gone, what belongs to the whole house too: that is on record and told. */
async function recordWidened(tx: Tx, ctx: Context, customerId: Id): Promise<void> {
  const widened = await tx.sql<{ account_id: Id; email: string }>(
    `select account_id, email from hauswart.account
     where provider_id = $1 and reach = 'exclude' and array_remove(customer_ids, $2::uuid) = '{}' order by account_id for update`,
    [ctx.providerId, customerId],
  );
  for (const { account_id, email } of widened)
    await audit(tx, ctx, {
      action: "account.change",
      subject: { kind: "account", id: account_id },
      customerId: null,
      detail: { email, before: { reach: "exclude" }, after: { reach: "all" }, because: "customer.erase" },
    });
  announceAccess(
    tx,
    ctx,
    widened.map(({ account_id }) => account_id),
  );
}

async function eraseStep(tx: Tx, ctx: Context, customerId: Id, { table, deviceId }: Step): Promise<number> {
  if (table.table === "account") await recordWidened(tx, ctx, customerId);
  await requireNoRowWaits(tx, ctx.providerId, customerId, table);
  const own = `${table.own}${deviceId === undefined ? "" : " and device_id = $3"}`;
  const values = [ctx.providerId, customerId, ...(deviceId === undefined ? [] : [deviceId])];
  const [row] = await tx.sql<{ count: number }>(
    `with gone as (${changeOf(table, own)} returning 1) select count(*)::int as count from gone`,
    values,
  );
  return row?.count ?? 0;
}

function changeOf({ table, erase }: CustomerTable, own: string): string {
  if (erase === "delete") return `delete from hauswart.${table} where ${own}`;
  const rest = "array_remove(customer_ids, $2::uuid)";
  if (erase === "unlist") return `update hauswart.${table} set customer_ids = ${rest} where ${own}`;
  if (erase === "unreach")
    return `update hauswart.${table} set customer_ids = ${rest},
      reach = case when reach = 'exclude' and ${rest} = '{}' then 'all' else reach end where ${own}`;
  return `update hauswart.${table} set ${erase.blank} where ${own} and not (${erase.unless})`;
}
