/** Customers as the database keeps them and as the API shows them. */
import type { Customer } from "@hauswart/protocol/api/models.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { needsSomebody } from "../findings/finding-row.ts";
import { isoTime } from "../times.ts";

export interface CustomerRow {
  customer_id: Id;
  name: string;
  name_key: string;
  language: Language;
  /** null: the provider's. */
  time_zone: string | null;
  effective_time_zone: string;
  asks_signed_in: boolean;
  created_at: Date;
  device_count: number;
  warnings: number;
  failures: number;
}

/** Selects customers `c` with what is counted about them; $1 is the provider, $2 now. Acknowledged findings do not count. */
export const selectCustomers = `
  select c.customer_id, c.name, lower(c.name) as name_key, c.language, c.time_zone, coalesce(c.time_zone, p.time_zone) as effective_time_zone, c.asks_signed_in, c.created_at, d.device_count, f.warnings, f.failures
  from hauswart.customer c
  join hauswart.provider p on p.provider_id = c.provider_id
  cross join lateral (
    select count(*)::int as device_count from hauswart.device d
    where d.provider_id = c.provider_id and d.customer_id = c.customer_id and d.lifecycle <> 'revoked') d
  cross join lateral (
    select count(*) filter (where f.severity = 'warning')::int as warnings, count(*) filter (where f.severity = 'failure')::int as failures
    from hauswart.finding f
    where f.provider_id = c.provider_id and coalesce(f.customer_id, '00000000-0000-0000-0000-000000000000') = c.customer_id and ${needsSomebody("$2")}) f
  where c.provider_id = $1`;

/** One customer within the actor's reach, locked when it is about to change. Errors: NOT_FOUND. */
export async function readCustomer(tx: Tx, ctx: Context, customerId: Id, lock: "for no key update of c" | "" = ""): Promise<CustomerRow> {
  const [row] = await tx.sql<CustomerRow>(`${selectCustomers} and c.customer_id = $3 ${lock}`, [
    ctx.providerId,
    isoTime(ctx.services.clock.now()),
    customerId,
  ]);
  if (!row) throw new HauswartError("NOT_FOUND");
  return row;
}

export function presentCustomer(row: CustomerRow): Customer {
  return {
    customerId: row.customer_id,
    name: row.name,
    language: row.language,
    timeZone: row.time_zone,
    effectiveTimeZone: row.effective_time_zone,
    asksSignedIn: row.asks_signed_in,
    deviceCount: row.device_count,
    openFindings: { warning: row.warnings, failure: row.failures },
    createdAt: isoTime(row.created_at),
  };
}
