/** What making and changing a rota share. */
import type { RotaLayer } from "@hauswart/protocol/api/routing.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";

/** Errors: INVALID_REQUEST (a person that is not there). */
export async function requirePeople(tx: Tx, { providerId }: Context, accountIds: readonly Id[], path: string): Promise<void> {
  const wanted = [...new Set(accountIds)];
  const rows = await tx.sql<{ account_id: Id }>(
    "select account_id from hauswart.account where provider_id = $1 and account_id = any($2::uuid[]) and disabled_at is null",
    [providerId, wanted],
  );
  if (rows.length === wanted.length) return;
  throw new HauswartError("INVALID_REQUEST", undefined, {
    issues: [{ path, message: "There is no such person, or they cannot sign in any more." }],
  });
}

export const peopleIn = (layers: readonly RotaLayer[]): Id[] => layers.flatMap(({ accountIds }) => accountIds);
