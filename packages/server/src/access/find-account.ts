/** Who wants to sign in, and from where that account has signed in lately. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Caller } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";
import { accountColumns, type AccountRow } from "./accounts/account-row.ts";
import { knownAddressMs, networkOf } from "./lock-out.ts";
import type { Attempt } from "./sign-in-attempts.ts";

/** What signing in reads of an account. */
export type SignInRow = AccountRow & { password_hash: string | null };

/** The account of an e-mail address, unless it is disabled. Without a tenant: nobody is known yet. */
export async function findAccountByEmail(tx: Tx, email: string): Promise<SignInRow | undefined> {
  const [row] = await tx.sql<SignInRow>(
    `select ${accountColumns}, a.password_hash from hauswart.account a where lower(a.email) = lower($1) and a.disabled_at is null`,
    [email.trim()],
  );
  return row;
}

/** The account that something was begun for, unless it has been disabled or removed since. */
export async function findAccountById(tx: Tx, providerId: Id, accountId: Id): Promise<SignInRow | undefined> {
  const [row] = await tx.sql<SignInRow>(
    `select ${accountColumns}, a.password_hash from hauswart.account a where a.provider_id = $1 and a.account_id = $2 and a.disabled_at is null`,
    [providerId, accountId],
  );
  return row;
}

/** An attempt on an account, or on none, as it is counted. @param email as typed */
export async function attemptOn(
  tx: Tx,
  { services, address }: Pick<Caller, "services" | "address">,
  email: string,
  account: AccountRow | undefined,
): Promise<Attempt> {
  const rows = await tx.sql<{ address: string }>(
    "select distinct address from hauswart.session where provider_id = $1 and account_id = $2 and created_at > $3",
    [account?.provider_id ?? null, account?.account_id ?? null, isoTime(services.clock.now() - knownAddressMs)],
  );
  return { email, address, fromKnownAddress: rows.some((row) => networkOf(row.address) === networkOf(address)) };
}
