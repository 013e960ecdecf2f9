import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { audit } from "../audit/audit.ts";
import type { Actor, Caller, PublicVerb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";
import { accountColumns, presentAccount, type AccountRow } from "./accounts/account-row.ts";
import { knownAddressMs, networkOf } from "./lock-out.ts";
import { passwordFits } from "./passwords.ts";
import { sessionLifeMs } from "./session-lifetime.ts";
import { keepAttempt, returnAttempt, takeAttempt, type Attempt } from "./sign-in-attempts.ts";
import { hashOfToken, newToken } from "./tokens.ts";

/** What signing in reads of an account. */
type SignInRow = AccountRow & { password_hash: string };

/**
 * Signs in with e-mail address and password. Always makes a new session and ends the one whose token came with the request,
 * so that nobody can be signed in to a session that somebody else knows. Errors: WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS.
 */
export async function createSession({ caller, input }: PublicVerb<Input<"createSession">>): Promise<Result<"createSession">> {
  const { services } = caller;
  const { account, addresses } = await findAccount(caller, input.email);
  const fromKnownAddress = addresses.some((address) => networkOf(address) === networkOf(caller.address));
  const attempt: Attempt = { email: input.email, address: caller.address, fromKnownAddress };
  await takeAttempt(services, attempt);
  if (!(await passwordFits(input.password, account?.password_hash)) || !account) {
    await refuse(caller, attempt, account);
    throw new HauswartError("WRONG_CREDENTIALS");
  }
  await services.database.unwalled("give a sign-in attempt back", (tx) => returnAttempt(tx, attempt));
  return startSession(caller, account);
}

async function findAccount({ services }: Caller, email: string): Promise<{ account: SignInRow | undefined; addresses: string[] }> {
  return services.database.unwalled("find the account of an e-mail address", async (tx) => {
    const [account] = await tx.sql<SignInRow>(
      `select ${accountColumns}, a.password_hash from hauswart.account a where lower(a.email) = lower($1) and a.disabled_at is null`,
      [email.trim()],
    );
    const rows = await tx.sql<{ address: string }>(
      "select distinct address from hauswart.session where provider_id = $1 and account_id = $2 and created_at > $3",
      [account?.provider_id ?? null, account?.account_id ?? null, isoTime(services.clock.now() - knownAddressMs)],
    );
    return { account, addresses: rows.map(({ address }) => address) };
  });
}

async function refuse({ services, address }: Caller, attempt: Attempt, account: AccountRow | undefined): Promise<void> {
  await services.database.unwalled("record a wrong password", async (tx) => {
    await keepAttempt(tx, attempt);
    if (!account) return;
    const actor: Actor = { kind: "system", id: "sign-in", name: "sign-in" };
    await audit(
      tx,
      { services, providerId: account.provider_id, actor, address },
      { action: "session.refuse", subject: { kind: "account", id: account.account_id }, customerId: null },
    );
  });
}

async function startSession(caller: Caller, account: AccountRow): Promise<Result<"createSession">> {
  const { services, address } = caller;
  const now = services.clock.now();
  const token = newToken("session");
  const sessionId = newId(now);
  const expiresAt = isoTime(now + sessionLifeMs);
  await services.database.transaction({ providerId: account.provider_id, customers: "*" }, async (tx) => {
    if (caller.token !== undefined) await endSessionOfToken(tx, caller.token, now);
    await tx.sql(
      `insert into hauswart.session (provider_id, session_id, account_id, token_hash, created_at, last_used_at, expires_at, address, user_agent)
       values ($1, $2, $3, $4, $5, $5, $6, $7, $8)`,
      [
        account.provider_id,
        sessionId,
        account.account_id,
        hashOfToken(token),
        isoTime(now),
        expiresAt,
        address,
        caller.userAgent.slice(0, 300),
      ],
    );
    const actor: Actor = { kind: "technician", id: account.account_id, name: account.name, sessionId };
    await audit(
      tx,
      { services, providerId: account.provider_id, actor, address },
      { action: "session.create", subject: { kind: "session", id: sessionId }, customerId: null },
    );
  });
  return { token, expiresAt, account: presentAccount(account) };
}

async function endSessionOfToken(tx: Tx, token: string, now: number): Promise<void> {
  await tx.sql("update hauswart.session set ended_at = $2 where token_hash = $1 and ended_at is null", [hashOfToken(token), isoTime(now)]);
}
