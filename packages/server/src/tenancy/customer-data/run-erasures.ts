/**
 * Erases customers that somebody asked to erase: table by table, device by device, each step a transaction, so that a process
 * that dies is followed by another one that goes on. Doing a step twice deletes nothing more.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { audit } from "../../audit/audit.ts";
import { systemContext } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
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
  const { database, clock, bus } = services;
  const { provider_id: providerId, erased_id: customerId } = claimed;
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
  for (const [index, step] of steps.entries()) {
    const gone = await database.unwalled("erase a customer", (tx) => eraseStep(tx, providerId, customerId, step, isoTime(clock.now())));
    await note(services, claimed, "steps_done = $3, rows_deleted = rows_deleted + $4, claimed_until = $5", [
      index + 1,
      gone,
      isoTime(clock.now() + claimMs),
    ]);
  }
  // What was written meanwhile by something that had begun before.
  for (const table of customerTables)
    await database.unwalled("erase a customer", (tx) =>
      eraseStep(tx, providerId, customerId, { table, deviceId: undefined }, isoTime(clock.now())),
    );
  await database.unwalled("an erasure is done", async (tx) => {
    const [row] = await tx.sql<{ rows_deleted: number }>(
      "update hauswart.customer_erasure set finished_at = $3, name = null where provider_id = $1 and erasure_id = $2 returning rows_deleted",
      [providerId, claimed.erasure_id, isoTime(clock.now())],
    );
    await audit(tx, systemContext(services, providerId, "erasure"), {
      action: "customer.erased",
      subject: { kind: "customer", id: customerId },
      customerId: null,
      detail: { rows: row?.rows_deleted ?? 0 },
    });
    tx.afterCommit(() => bus.publish("live", { providerId, kind: "customer", id: customerId, customerId: null, change: "removed" }));
  });
}

async function eraseStep(tx: Tx, providerId: Id, customerId: Id, { table, deviceId }: Step, now: string): Promise<number> {
  const own = `${table.own}${deviceId === undefined ? "" : " and device_id = $3"}`;
  const values = [providerId, customerId, ...(deviceId === undefined ? [] : [deviceId])];
  const at = `$${values.length + 1}`;
  const change = {
    delete: `delete from hauswart.${table.table} where ${own} returning 1`,
    unlist: `update hauswart.${table.table} set customer_ids = array_remove(customer_ids, $2::uuid) where ${own} returning 1`,
    // Who of the house did what, and when, stays: only the customer's people, devices and details go.
    blank: `update hauswart.${table.table} set detail = '{}', erased_at = ${at},
        actor = case when actor ->> 'kind' = 'agent' then jsonb_build_object('kind', 'agent', 'id', '', 'name', '') else actor end
      where ${own} and erased_at is null returning 1`,
  }[table.erase];
  const [row] = await tx.sql<{ count: number }>(
    `with gone as (${change}) select count(*)::int as count from gone`,
    table.erase === "blank" ? [...values, now] : values,
  );
  return row?.count ?? 0;
}
