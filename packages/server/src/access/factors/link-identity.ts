/**
 * Whose account somebody has whom an identity provider vouches for: by subject once linked, by verified e-mail address the first
 * time. An account is one subject's per identity provider: an address that was given to somebody else there opens nothing here.
 */
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { audit } from "../../audit/audit.ts";
import type { Actor, Caller } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { isUniqueViolation } from "../../database/errors.ts";
import { tellOfSecurity } from "../../mail/tell-of-security.ts";
import { isoTime } from "../../times.ts";
import { findAccountById, type SignInRow } from "../find-account.ts";
import { ownersOf } from "./break-glass.ts";
import type { OidcPerson } from "./oidc-client.ts";
import type { OidcIssuerRow } from "./oidc-issuer-row.ts";

/** Finds, links or (where the identity provider may) makes the account. Errors: ACCOUNT_NOT_LINKED. */
export async function findLinkedAccount(caller: Caller, issuer: OidcIssuerRow, person: OidcPerson): Promise<SignInRow> {
  const { services, address } = caller;
  const providerId = issuer.provider_id;
  const actor: Actor = { kind: "system", id: "sign-in", name: "sign-in" };
  const ctx = { services, providerId, actor, address };
  return services.database
    .transaction({ providerId, customers: "*" }, async (tx) => {
      const linked = await accountOfSubject(tx, issuer, person.subject, isoTime(services.clock.now()));
      if (linked) return linked;
      const accountId = (await accountOfEmail(tx, issuer, person)) ?? (await makeAccount(tx, ctx, issuer, person));
      const account = accountId && (await findAccountById(tx, providerId, accountId));
      if (!account) throw new HauswartError("ACCOUNT_NOT_LINKED");
      await tx.sql(
        `insert into hauswart.oidc_identity (provider_id, oidc_issuer_id, subject, account_id, created_at, last_used_at)
         values ($1, $2, $3, $4, $5, $5)`,
        [providerId, issuer.oidc_issuer_id, person.subject, account.account_id, isoTime(services.clock.now())],
      );
      await audit(tx, ctx, {
        action: "account.link",
        subject: { kind: "account", id: account.account_id },
        customerId: null,
        detail: { issuer: issuer.issuer, subject: person.subject },
      });
      await tellOfSecurity(tx, ctx, [account], { kind: "issuer-linked", issuer: issuer.name, address });
      return account;
    })
    .catch((error: unknown) => {
      // Two sign-ins at once made the same link or account; the next one finds it.
      if (isUniqueViolation(error)) throw new HauswartError("CONFLICT");
      throw error;
    });
}

async function accountOfSubject(
  tx: Tx,
  { provider_id: providerId, oidc_issuer_id: oidcIssuerId }: OidcIssuerRow,
  subject: string,
  now: string,
): Promise<SignInRow | undefined> {
  const [row] = await tx.sql<{ account_id: Id }>(
    `update hauswart.oidc_identity set last_used_at = $4 where provider_id = $1 and oidc_issuer_id = $2 and subject = $3 returning account_id`,
    [providerId, oidcIssuerId, subject, now],
  );
  if (!row) return undefined;
  const account = await findAccountById(tx, providerId, row.account_id);
  if (!account) throw new HauswartError("ACCOUNT_NOT_LINKED");
  return account;
}

/** The account of a verified address, unless it is another subject's at this identity provider. */
async function accountOfEmail(tx: Tx, issuer: OidcIssuerRow, { verifiedEmail }: OidcPerson): Promise<Id | undefined> {
  if (verifiedEmail === undefined) return undefined;
  const [row] = await tx.sql<{ account_id: Id; is_taken: boolean }>(
    `select a.account_id, exists (select from hauswart.oidc_identity i
       where i.provider_id = a.provider_id and i.account_id = a.account_id and i.oidc_issuer_id = $3) as is_taken
     from hauswart.account a where a.provider_id = $1 and lower(a.email) = lower($2)`,
    [issuer.provider_id, verifiedEmail, issuer.oidc_issuer_id],
  );
  if (row?.is_taken === true)
    throw new HauswartError("ACCOUNT_NOT_LINKED", "The account of this e-mail address belongs to somebody else at the identity provider.");
  return row?.account_id;
}

/** Whoever the identity provider lets in is nobody's colleague yet: the account reaches no customer until somebody gives it some. */
async function makeAccount(
  tx: Tx,
  ctx: Parameters<typeof tellOfSecurity>[1],
  issuer: OidcIssuerRow,
  { verifiedEmail, name }: OidcPerson,
): Promise<Id | undefined> {
  if (!issuer.creates_accounts || verifiedEmail === undefined) return undefined;
  const nowMs = ctx.services.clock.now();
  const accountId = newId(nowMs);
  const shownName = name ?? verifiedEmail.split("@")[0]!;
  await tx.sql(
    `insert into hauswart.account (provider_id, account_id, email, name, role, reach, language, password_hash, created_at)
     values ($1, $2, $3, $4, 'read-only', 'include', (select language from hauswart.provider where provider_id = $1), null, $5)`,
    [issuer.provider_id, accountId, verifiedEmail, shownName, isoTime(nowMs)],
  );
  await audit(tx, ctx, {
    action: "account.create",
    subject: { kind: "account", id: accountId },
    customerId: null,
    detail: { email: verifiedEmail, role: "read-only", reach: "include", customerIds: [], issuer: issuer.issuer },
  });
  await tellOfSecurity(tx, ctx, await ownersOf(tx, issuer.provider_id), {
    kind: "account-made",
    issuer: issuer.name,
    accountId,
    name: shownName,
    email: verifiedEmail,
    address: ctx.address,
  });
  return accountId;
}
