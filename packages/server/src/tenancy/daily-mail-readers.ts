/** Those who get a customer's daily mail, one row each beside its terms: whether mails reach them is kept there. */
import type { UnreachableReader } from "@hauswart/protocol/api/customer-terms.ts";
import type { Unreachable } from "@hauswart/protocol/api/routing.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../database/database.ts";
import { presentUnreachable } from "../mail/reports/unreachable.ts";

/** Makes them those of the terms. Who stays keeps what is known of the address. */
export async function keepDailyMailReaders(tx: Tx, providerId: Id, customerId: Id, addresses: readonly string[]): Promise<void> {
  const asked = [providerId, customerId, addresses.map((address) => address.toLowerCase())];
  await tx.sql("delete from hauswart.daily_mail_reader where provider_id = $1 and customer_id = $2 and address <> all ($3::text[])", asked);
  await tx.sql(
    "insert into hauswart.daily_mail_reader (provider_id, customer_id, address) select distinct $1::uuid, $2::uuid, unnest($3::text[]) on conflict do nothing",
    asked,
  );
}

/** By address. */
export async function unreachableReaders(tx: Tx, providerId: Id, customerId: Id): Promise<UnreachableReader[]> {
  const rows = await tx.sql<{ address: string; unreachable: Unreachable }>(
    "select address, unreachable from hauswart.daily_mail_reader where provider_id = $1 and customer_id = $2 and unreachable is not null order by address",
    [providerId, customerId],
  );
  return rows.map(({ address, unreachable }) => ({ address, ...presentUnreachable(unreachable) }));
}
