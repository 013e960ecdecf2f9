/** The end of every way to sign in: a session. */
import type { Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { audit, type AuditContext } from "../audit/audit.ts";
import type { Actor, Caller } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";
import { presentAccount, type AccountRow } from "./accounts/account-row.ts";
import type { FirstStep } from "./factors/challenges.ts";
import { sessionLifeMs } from "./session-lifetime.ts";
import { newUse } from "./sessions/note-use.ts";
import { keepAttempt, type Attempt } from "./sign-in-attempts.ts";
import { hashOfToken, newToken } from "./tokens.ts";

/** How somebody signed in. */
export type SignIn = (FirstStep | { readonly method: "passkey" | "break-glass" }) & {
  /** What answered besides the password, or more than it; undefined where a password was all. */
  readonly factor: "totp" | "passkey" | "recovery-code" | "issuer" | "server" | undefined;
};

/**
 * Makes a session and ends the one whose token came with the request, so that nobody can be signed in to a session that
 * somebody else knows. Errors: what a wrong first step has, when the account or what it was let in by does not hold any more.
 * @param within what else has to happen in the same transaction
 */
export async function startSession(
  caller: Caller,
  account: AccountRow,
  signIn: SignIn,
  within?: (tx: Tx, ctx: AuditContext & Pick<Caller, "services">) => Promise<void>,
): Promise<Result<"createSession">> {
  const { services, address } = caller;
  const { method, factor } = signIn;
  const now = services.clock.now();
  const token = newToken("session");
  const sessionId = newId(now);
  const expiresAt = isoTime(now + sessionLifeMs);
  const use = newUse(caller);
  const actor: Actor = { kind: "technician", id: account.account_id, name: account.name, sessionId };
  const ctx = { services, providerId: account.provider_id, actor, address };
  await services.database.transaction({ providerId: account.provider_id, customers: "*" }, async (tx) => {
    await requireStill(tx, account, signIn);
    if (caller.token !== undefined) await endSessionOfToken(tx, caller.token, now);
    await tx.sql(
      `insert into hauswart.session (provider_id, session_id, account_id, token_hash, created_at, last_used_at, proved_at, expires_at, address, user_agent, method, has_second_factor, oidc_issuer_id, uses)
       values ($1, $2, $3, $4, $5, $5, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        account.provider_id,
        sessionId,
        account.account_id,
        hashOfToken(token),
        isoTime(now),
        expiresAt,
        address,
        use.userAgent,
        method,
        factor !== undefined,
        signIn.method === "oidc" ? signIn.oidcIssuerId : null,
        JSON.stringify([use]),
      ],
    );
    await within?.(tx, ctx);
    await audit(tx, ctx, {
      action: "session.create",
      subject: { kind: "session", id: sessionId },
      customerId: null,
      detail: factor === undefined ? { method } : { method, factor },
    });
  });
  return { token, expiresAt, account: presentAccount(account) };
}

/**
 * What ends all sessions of an account, or all that an identity provider opened, ends the sign-ins under way as well: it changes
 * the same rows before it looks for sessions, so one of the two waits for the other.
 */
async function requireStill(tx: Tx, { provider_id, account_id }: AccountRow, signIn: SignIn): Promise<void> {
  const { method, factor } = signIn;
  const accounts = await tx.sql(
    `select 1 from hauswart.account where provider_id = $1 and account_id = $2 and disabled_at is null
       and (not $3::boolean or password_hash = $4) for share`,
    [provider_id, account_id, method === "password", method === "password" ? signIn.passwordHash : null],
  );
  const issuers =
    method === "oidc" &&
    (await tx.sql("select 1 from hauswart.oidc_issuer where provider_id = $1 and oidc_issuer_id = $2 and active for share", [
      provider_id,
      signIn.oidcIssuerId,
    ]));
  if (accounts.length > 0 && (!issuers || issuers.length > 0)) return;
  if (method === "break-glass") throw new HauswartError("FACTOR_REFUSED");
  throw new HauswartError(method === "password" && factor === undefined ? "WRONG_CREDENTIALS" : "CHALLENGE_INVALID");
}

async function endSessionOfToken(tx: Tx, token: string, now: number): Promise<void> {
  await tx.sql("update hauswart.session set ended_at = $2 where token_hash = $1 and ended_at is null", [hashOfToken(token), isoTime(now)]);
}

/** Records a refused sign-in: it counts, and stands in the log of the account's provider. @param what was wrong */
export async function refuseSignIn(
  { services, address }: Caller,
  attempt: Attempt,
  account: { readonly provider_id: Id; readonly account_id: Id } | undefined,
  wrong: "password" | "totp" | "passkey" | "recovery-code" | "break-glass",
): Promise<void> {
  await services.database.unwalled("record a refused sign-in", async (tx) => {
    await keepAttempt(tx, attempt);
    if (!account) return;
    const actor: Actor = { kind: "system", id: "sign-in", name: "sign-in" };
    await audit(
      tx,
      { services, providerId: account.provider_id, actor, address },
      { action: "session.refuse", subject: { kind: "account", id: account.account_id }, customerId: null, detail: { wrong } },
    );
  });
}
