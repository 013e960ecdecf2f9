/** What every verb about one's own factors begins with. */
import type { Context } from "../../context.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Tx } from "../../database/database.ts";
import { findAccountById, type SignInRow } from "../find-account.ts";
import { requirePerson } from "../require-to-give.ts";
import type { Person } from "./factor-rows.ts";

/** Whoever is signed in, as the owner of their factors. */
export interface Own extends Person {
  readonly sessionId: Id;
  /** For reading and changing what is one's own, whatever customers one is restricted to. */
  readonly tenant: { readonly providerId: Id; readonly customers: "*" };
}

/** Errors: FORBIDDEN for API keys. */
export function requireOwn(ctx: Context): Own {
  const { accountId, sessionId } = requirePerson(ctx);
  return { providerId: ctx.providerId, accountId, sessionId, tenant: { providerId: ctx.providerId, customers: "*" } };
}

/** One's own account. Errors: UNAUTHENTICATED when it was removed this moment. */
export async function readOwn(tx: Tx, { providerId, accountId }: Own): Promise<SignInRow> {
  const account = await findAccountById(tx, providerId, accountId);
  if (!account) throw new HauswartError("UNAUTHENTICATED");
  return account;
}
