/**
 * The owner's way in when the identity provider is away or all factors are lost: a code that is made on the server's own computer,
 * by whoever reaches its database. Good once, for a quarter of an hour, and never in silence: all owners are told.
 */
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import { audit } from "../../audit/audit.ts";
import type { Actor } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { tellOfSecurity } from "../../mail/tell-of-security.ts";
import type { Services } from "../../services.ts";
import { isoTime } from "../../times.ts";
import { hashOfOneTimeCode, newOneTimeCode } from "./one-time-codes.ts";

const codeLifeMs = 15 * 60_000;

/** Whom there is a code for, or why there is none. */
export type BreakGlass =
  | { readonly kind: "made"; readonly email: string; readonly code: string; readonly expiresAt: string }
  | { readonly kind: "no-such-owner"; readonly owners: readonly string[] };

interface Owner {
  provider_id: Id;
  account_id: Id;
  email: string;
  name: string;
  language: Language;
}

/** Makes a code for an owner. @param email of whom; where there is one owner alone it may be left out */
export async function makeBreakGlassCode(services: Services, email: string | undefined): Promise<BreakGlass> {
  const nowMs = services.clock.now();
  return services.database.unwalled("make a break-glass code", async (tx): Promise<BreakGlass> => {
    const owners = await tx.sql<Owner>(
      "select provider_id, account_id, email, name, language from hauswart.account where role = 'owner' and disabled_at is null order by created_at",
    );
    const owner = email === undefined ? (owners.length === 1 ? owners[0] : undefined) : owners.find((one) => isSame(one.email, email));
    if (!owner) return { kind: "no-such-owner", owners: owners.map((one) => one.email) };
    const { provider_id: providerId, account_id: accountId } = owner;
    const code = newOneTimeCode();
    const expiresAt = isoTime(nowMs + codeLifeMs);
    // One at a time: a code that somebody left lying about ends with the next.
    await tx.sql("delete from hauswart.break_glass_code where provider_id = $1 and account_id = $2 and used_at is null", [
      providerId,
      accountId,
    ]);
    await tx.sql(
      "insert into hauswart.break_glass_code (provider_id, break_glass_code_id, account_id, code_hash, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
      [providerId, newId(nowMs), accountId, hashOfOneTimeCode(code), isoTime(nowMs), expiresAt],
    );
    const actor: Actor = { kind: "system", id: "break-glass", name: "break-glass" };
    const ctx = { services, providerId, actor, address: "" };
    await audit(tx, ctx, {
      action: "break-glass.create",
      subject: { kind: "account", id: accountId },
      customerId: null,
      detail: { expiresAt },
    });
    await tellOfSecurity(tx, ctx, await ownersOf(tx, providerId), { kind: "break-glass-made", owner: owner.name });
    return { kind: "made", email: owner.email, code, expiresAt };
  });
}

/** All owners that can sign in: they are told of what opens the house to somebody. */
export function ownersOf(tx: Tx, providerId: Id): Promise<{ email: string; language: Language }[]> {
  return tx.sql(
    "select email, language from hauswart.account where provider_id = $1 and role = 'owner' and disabled_at is null order by created_at",
    [providerId],
  );
}

/** Whether it is the account's code, not used and not over. */
export async function takeBreakGlassCode(
  tx: Tx,
  services: Services,
  { providerId, accountId }: { readonly providerId: Id; readonly accountId: Id },
  code: string,
): Promise<boolean> {
  const now = isoTime(services.clock.now());
  const used = await tx.sql(
    `update hauswart.break_glass_code set used_at = $4
     where provider_id = $1 and account_id = $2 and code_hash = $3 and used_at is null and expires_at > $4 returning 1`,
    [providerId, accountId, hashOfOneTimeCode(code), now],
  );
  return used.length > 0;
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.trim().toLowerCase();
