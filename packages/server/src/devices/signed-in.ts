/** Who is signed in at devices, as their agents last said: written down, read, deleted. Only the present is kept, never a history. */
import type { SignedInNow } from "@hauswart/protocol/api/signed-in.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { SignedInPerson } from "@hauswart/protocol/wire/messages.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { presenceJoin } from "../presence/presence-of.ts";
import type { Services } from "../services.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";

/** Of a device that is away this is what it last said; after so many days nobody asks for it any more. */
const keptDays = 30;

/** SQL: whether agents of this customer are to tell. @param customer alias of customer @param provider alias of provider */
const isAskedSql = (customer: string, provider: string) =>
  `(${customer}.asks_signed_in and ${provider}.settings -> 'asksSignedIn' is distinct from 'false'::jsonb)`;

/** Whose agents are to tell who is signed in. @returns by customer */
export async function whoIsAsked({ database }: Services, providerId: Id): Promise<(customerId: Id) => boolean> {
  const rows = await database.transaction({ providerId, customers: "*" }, (tx) =>
    tx.sql<{ customer_id: Id }>(
      `select c.customer_id from hauswart.customer c join hauswart.provider p on p.provider_id = c.provider_id
       where c.provider_id = $1 and ${isAskedSql("c", "p")}`,
      [providerId],
    ),
  );
  const asked = new Set(rows.map((row) => row.customer_id));
  return (customerId) => asked.has(customerId);
}

/** What an agent said. */
export interface Told {
  readonly deviceId: Id;
  /** Of the connection by which it said it. */
  readonly epoch: number;
  readonly atMs: number;
  /** null: it cannot tell. */
  readonly people: readonly SignedInPerson[] | null;
  readonly others: number;
}

/**
 * Writes it down where it is wanted and the connection is still the device's. The wish is locked: whoever takes it back waits, and deletes
 * what was written. @returns the devices that are not asked
 */
export async function writeSignedIn(tx: Tx, providerId: Id, told: readonly Told[]): Promise<Id[]> {
  const rows = [...told]
    .sort((one, other) => (one.deviceId < other.deviceId ? -1 : 1))
    .map(({ deviceId, epoch, atMs, people, others }) => ({ device_id: deviceId, epoch, told_at: isoTime(atMs), people, others }));
  const known = await tx.sql<{ device_id: Id; is_asked: boolean }>(wishes, [providerId, rows.map((row) => row.device_id)]);
  const asked = new Set(known.filter((row) => row.is_asked).map((row) => row.device_id));
  const cannotTell = rows.filter((row) => row.people === null).map((row) => row.device_id);
  if (cannotTell.length > 0)
    await tx.sql("delete from hauswart.device_signed_in where provider_id = $1 and device_id = any ($2::uuid[])", [providerId, cannotTell]);
  const kept = rows.filter((row) => row.people !== null && asked.has(row.device_id));
  if (kept.length > 0) await tx.sql(write, [providerId, JSON.stringify(kept)]);
  return known.filter((row) => !row.is_asked).map((row) => row.device_id);
}

const wishes = `
  select d.device_id, ${isAskedSql("c", "p")} as is_asked
  from hauswart.device d
  join hauswart.customer c on c.provider_id = d.provider_id and c.customer_id = d.customer_id
  join hauswart.provider p on p.provider_id = d.provider_id
  where d.provider_id = $1 and d.device_id = any ($2::uuid[]) and d.lifecycle = 'active'
  order by d.device_id for share`;

const write = `
  insert into hauswart.device_signed_in as s (provider_id, device_id, customer_id, epoch, told_at, people, others)
  select l.provider_id, l.device_id, l.customer_id, l.epoch, r.told_at, r.people, r.others
  from jsonb_to_recordset($2::text::jsonb) as r(device_id uuid, epoch bigint, told_at timestamptz, people jsonb, others integer)
  join hauswart.device_link l on l.provider_id = $1 and l.device_id = r.device_id and l.epoch = r.epoch
  on conflict (provider_id, device_id) do update set customer_id = excluded.customer_id, epoch = excluded.epoch, told_at = excluded.told_at,
    people = excluded.people, others = excluded.others`;

interface Row {
  readonly is_asked: boolean;
  readonly told_at: Date | null;
  readonly is_of_link: boolean;
  readonly people: readonly SignedInPerson[] | null;
  readonly others: number | null;
}

/** Who is signed in at a device within reach. @param isPresent it is connected now */
export async function readSignedIn(
  tx: Tx,
  { services, providerId }: Context,
  deviceId: Id,
  isPresent: boolean,
): Promise<SignedInNow | null> {
  const [row] = await tx.sql<Row>(
    `select ${isAskedSql("c", "p")} as is_asked, s.told_at, coalesce(s.epoch = l.epoch, false) as is_of_link, s.people, s.others
     from hauswart.device d
     join hauswart.customer c on c.provider_id = d.provider_id and c.customer_id = d.customer_id
     join hauswart.provider p on p.provider_id = d.provider_id
     left join hauswart.device_link l on l.provider_id = d.provider_id and l.device_id = d.device_id
     left join hauswart.device_signed_in s on s.provider_id = d.provider_id and s.device_id = d.device_id
     where d.provider_id = $1 and d.device_id = $2`,
    [providerId, deviceId],
  );
  if (!row) return null;
  const nowMs = services.clock.now();
  return {
    isAsked: row.is_asked,
    at: isoTimeOrNull(row.told_at),
    isCurrent: isPresent && row.is_of_link,
    people: (row.people ?? []).map(({ since, ...person }) => ({
      ...person,
      since: since === null ? null : isoTime(Math.min(since, nowMs)),
    })),
    others: row.others ?? 0,
  };
}

/** Nobody is to be known any more: of a device, of a customer's, or of all. */
export async function deleteSignedIn(tx: Tx, providerId: Id, of: { readonly customerId?: Id; readonly deviceId?: Id }): Promise<void> {
  await tx.sql(
    `delete from hauswart.device_signed_in
     where provider_id = $1 and ($2::uuid is null or customer_id = $2) and ($3::uuid is null or device_id = $3)`,
    [providerId, of.customerId ?? null, of.deviceId ?? null],
  );
}

/**
 * Over all providers: what devices last said that have been away for long. Of a connection that did not end by itself the process
 * that held it knew at its last heartbeat. @returns how many
 */
export async function forgetSignedIn({ database, clock }: Services): Promise<number> {
  const before = isoTime(clock.now() - keptDays * 86_400_000);
  return database.unwalled("forget who was signed in", async (tx) => {
    const gone = await tx.sql(
      `delete from hauswart.device_signed_in s using hauswart.device_link l ${presenceJoin("l")}
       where l.provider_id = s.provider_id and l.device_id = s.device_id
         and case when l.disconnected_at >= l.connected_at then l.disconnected_at
           else greatest(l.connected_at, l.last_seen_at, l_process.alive_at) end < $1::timestamptz
       returning 1`,
      [before],
    );
    return gone.length;
  });
}
