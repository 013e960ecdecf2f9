/** Accounts as the database keeps them and as the API shows them. */
import type { Account, Reach } from "@hauswart/protocol/api/models.ts";
import type { AccountWhole } from "@hauswart/protocol/api/people.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Role } from "@hauswart/protocol/roles.ts";
import type { z } from "zod";
import type { Unreachable } from "@hauswart/protocol/api/routing.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { presentUnreachable } from "../../mail/reports/unreachable.ts";
import { isoTime, isoTimeOrNull } from "../../times.ts";
import { canBeRestricted } from "../rights.ts";
import { sessionIdleMs } from "../session-lifetime.ts";

export interface AccountRow {
  provider_id: Id;
  account_id: Id;
  email: string;
  name: string;
  role: Role;
  reach: Reach["mode"];
  customer_ids: Id[];
  language: Language;
  disabled_at: Date | null;
  created_at: Date;
}

/** Of an account `a`. Customers that were erased meanwhile are left out. */
export const accountColumns = `a.provider_id, a.account_id, a.email, a.name, a.role, a.reach, ${customersOf("a")}, a.language, a.disabled_at, a.created_at`;

/** The customers that an account `a` or an invitation `i` names, as far as they are there. */
export function customersOf(table: "a" | "i"): string {
  return `array(select c.customer_id from hauswart.customer c where c.provider_id = ${table}.provider_id and c.customer_id = any (${table}.customer_ids) order by c.customer_id) as customer_ids`;
}

export function presentAccount(row: AccountRow): z.infer<typeof Account> {
  return {
    accountId: row.account_id,
    email: row.email,
    name: row.name,
    role: row.role,
    reach: { mode: row.reach, customerIds: row.customer_ids },
    language: row.language,
    createdAt: isoTime(row.created_at),
  };
}

export interface WholeAccountRow extends AccountRow {
  unreachable: Unreachable | null;
  reach_from_issuer: string | null;
  name_key: string;
  last_used_at: Date | null;
  open_sessions: number;
  has_totp: boolean;
  passkeys: number;
}

/** Selects accounts `a` with what is known of their sessions and second factors; $1 is the provider, $2 and $3 from `momentsOf`. */
export const selectWholeAccounts = `
  select ${accountColumns}, a.unreachable, a.reach_from_issuer, lower(a.name) as name_key, s.last_used_at, s.open_sessions,
    exists (select from hauswart.account_totp t
      where t.provider_id = a.provider_id and t.account_id = a.account_id and t.confirmed_at is not null) as has_totp,
    (select count(*)::int from hauswart.passkey p where p.provider_id = a.provider_id and p.account_id = a.account_id) as passkeys
  from hauswart.account a
  cross join lateral (
    select max(s.last_used_at) as last_used_at,
      count(*) filter (where s.ended_at is null and s.expires_at > $2 and s.last_used_at > $3)::int as open_sessions
    from hauswart.session s where s.provider_id = a.provider_id and s.account_id = a.account_id) s
  where a.provider_id = $1`;

/** Now, and the moment before which an unused session was last used. */
export function momentsOf({ services }: Pick<Context, "services">): [now: string, idleSince: string] {
  const now = services.clock.now();
  return [isoTime(now), isoTime(now - sessionIdleMs)];
}

/** One account of the provider. Errors: NOT_FOUND. */
export async function readWholeAccount(tx: Tx, ctx: Context, accountId: Id): Promise<WholeAccountRow> {
  const [row] = await tx.sql<WholeAccountRow>(`${selectWholeAccounts} and a.account_id = $4`, [
    ctx.providerId,
    ...momentsOf(ctx),
    accountId,
  ]);
  if (!row) throw new HauswartError("NOT_FOUND");
  return row;
}

export function presentWholeAccount(row: WholeAccountRow): AccountWhole {
  return {
    ...presentAccount(row),
    disabledAt: isoTimeOrNull(row.disabled_at),
    lastUsedAt: isoTimeOrNull(row.last_used_at),
    openSessions: row.open_sessions,
    unreachable: row.unreachable && presentUnreachable(row.unreachable),
    reachFromIssuer: row.reach === "all" && canBeRestricted(row.role) ? row.reach_from_issuer : null,
    factors: { totp: row.has_totp, passkeys: row.passkeys },
  };
}
