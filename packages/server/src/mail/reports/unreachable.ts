/**
 * Addresses that what is sent does not reach. Recipients, people of the house and those who get a customer's daily mail show it. One that mails came back from does so until a
 * later mail has not come back for a day, or somebody tests or changes it; one that was refused at once, until something is taken.
 */
import type { Channel, Unreachable } from "@hauswart/protocol/api/routing.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../../database/database.ts";
import { nameOfReader } from "../../routing/rule.ts";
import type { Services } from "../../services.ts";
import { isoTime } from "../../times.ts";

/** Most mail servers give up, or say so, long before. */
const provenMs = 86_400_000;

/** An address with the reason why it cannot be reached. */
export interface UnreachableAddress {
  /** The address; of another channel than mail with the channel before it. */
  readonly subject: string;
  readonly channel: Channel;
  readonly via: Unreachable["via"];
  /** Unix milliseconds. */
  readonly sinceMs: number;
  readonly reason: string;
  /** Findings that were open and of which nobody else had been told. */
  readonly untold: number;
  /** Customers whose daily mail goes there, by name. */
  readonly dailyMailOf: string;
}

/** The tables that addresses stand in. */
const places = [
  { table: "recipient", address: "lower(place.address)", condition: "place.channel = 'mail'" },
  { table: "account", address: "lower(place.email)", condition: "true" },
  { table: "daily_mail_reader", address: "place.address", condition: "true" },
] as const;

/** As the API shows it; what else is kept with it is for the house's finding. */
export const presentUnreachable = ({ since, via, reason }: Unreachable): Unreachable => ({ since, via, reason });

/** What a mail server said of an address. */
export interface SaidOfAddress {
  readonly address: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * @param via refused: at once; an address that mails came back from stays so marked, because being taken proves nothing for it
 * @param untold findings that are open and that nobody else was told of
 */
export async function markUnreachable(
  tx: Tx,
  providerId: Id,
  via: Unreachable["via"],
  said: readonly SaidOfAddress[],
  untold: number,
): Promise<void> {
  const keyed = said.map((one) => ({ ...one, address: one.address.toLowerCase() }));
  for (const { table, address, condition } of places)
    await tx.sql(
      `update hauswart.${table} place set unreachable = jsonb_build_object('since', coalesce(place.unreachable ->> 'since', said.at),
           'via', case when place.unreachable ->> 'via' = 'returned' then 'returned' else $4::text end,
           'reason', left(said.reason, 300), 'untold', coalesce((place.unreachable ->> 'untold')::int, 0) + $3::int)
       from jsonb_to_recordset($2::text::jsonb) as said(address text, reason text, at text)
       where place.provider_id = $1 and ${condition} and ${address} = said.address`,
      [providerId, JSON.stringify(keyed), untold, via],
    );
}

/** A recipient of another channel, whose messages are turned away until one is taken again. */
export async function markRecipientUnreachable(
  tx: Tx,
  providerId: Id,
  recipientId: Id,
  { reason, at }: Omit<SaidOfAddress, "address">,
  untold: number,
): Promise<void> {
  await tx.sql(
    `update hauswart.recipient set unreachable = jsonb_build_object('since', coalesce(unreachable ->> 'since', $4::text), 'via', 'refused',
       'reason', left($3::text, 300), 'untold', coalesce((unreachable ->> 'untold')::int, 0) + $5::int)
     where provider_id = $1 and recipient_id = $2`,
    [providerId, recipientId, reason, at, untold],
  );
}

/** One of its messages was taken. */
export async function markRecipientReached(tx: Tx, providerId: Id, recipientId: Id): Promise<void> {
  await tx.sql(
    "update hauswart.recipient set unreachable = null where provider_id = $1 and recipient_id = $2 and unreachable is not null",
    [providerId, recipientId],
  );
}

/** The mail server took another mail for these addresses. @param isTest somebody has looked after the address; else only time proves one that mails came back from */
export async function noteTaken(tx: Tx, providerId: Id, addresses: readonly string[], nowMs: number, isTest: boolean): Promise<void> {
  for (const { table, address, condition } of places)
    await tx.sql(
      `update hauswart.${table} place set unreachable = case when $4 or place.unreachable ->> 'via' = 'refused' then null
           else place.unreachable || jsonb_build_object('triedAt', coalesce(place.unreachable ->> 'triedAt', $3)) end
       where place.provider_id = $1 and ${condition} and ${address} = any($2::text[]) and place.unreachable is not null`,
      [providerId, addresses.map((one) => one.toLowerCase()), isoTime(nowMs), isTest],
    );
}

/** A mail that is delayed proves nothing yet. */
export async function forgetTaken(tx: Tx, providerId: Id, addresses: readonly string[]): Promise<void> {
  for (const { table, address, condition } of places)
    await tx.sql(
      `update hauswart.${table} place set unreachable = place.unreachable - 'triedAt'
       where place.provider_id = $1 and ${condition} and ${address} = any($2::text[]) and place.unreachable ? 'triedAt'`,
      [providerId, addresses.map((one) => one.toLowerCase())],
    );
}

/** Addresses whose later mails have not come back for a day. To be asked after the mailbox was read to its end, for all providers. */
export async function settleUnreachable({ database, clock }: Services): Promise<void> {
  await database.unwalled("addresses that can be reached again", async (tx) => {
    for (const { table } of places)
      await tx.sql(
        `update hauswart.${table} set unreachable = null where unreachable ->> 'via' = 'returned' and (unreachable ->> 'triedAt')::timestamptz < $1::timestamptz`,
        [isoTime(clock.now() - provenMs)],
      );
  });
}

/** Addresses of one provider that what is sent does not reach, on every channel. */
export async function unreachableAddresses(tx: Tx, providerId: Id): Promise<UnreachableAddress[]> {
  const rows = await tx.sql<{
    channel: Channel;
    address: string;
    via: Unreachable["via"];
    since: Date;
    reason: string;
    untold: number;
    daily: string | null;
  }>(
    `select channel, address, min((unreachable ->> 'since')::timestamptz) as since, max(unreachable ->> 'via') as via, min(unreachable ->> 'reason') as reason,
       max(coalesce((unreachable ->> 'untold')::int, 0)) as untold,
       string_agg(distinct daily, ', ') as daily
     from (select r.channel, case when r.channel = 'mail' then lower(r.address) else r.address end as address, r.unreachable, null as daily from hauswart.recipient r
         left join hauswart.account a on a.provider_id = r.provider_id and a.account_id = r.account_id
         where r.provider_id = $1 and r.unreachable is not null and a.disabled_at is null
       union all select 'mail', lower(email), unreachable, null from hauswart.account
         where provider_id = $1 and disabled_at is null and unreachable is not null
       union all select 'mail', d.address, d.unreachable, c.name from hauswart.daily_mail_reader d
         join hauswart.customer c on c.provider_id = d.provider_id and c.customer_id = d.customer_id
         where d.provider_id = $1 and d.unreachable is not null) known
     group by channel, address order by channel, address`,
    [providerId],
  );
  return rows.map(({ channel, address, since, daily, ...row }) => ({
    ...row,
    dailyMailOf: daily ?? "",
    channel,
    subject: nameOfReader({ channel, address }),
    sinceMs: since.getTime(),
  }));
}
