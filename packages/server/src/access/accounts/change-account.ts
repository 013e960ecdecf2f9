import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { Context, Verb } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { isoTime, isoTimeOrNull } from "../../times.ts";
import { requireCustomers } from "../require-customers.ts";
import { requireAllCustomers, requireScope } from "../require-scope.ts";
import { lockOwners, requireAnotherOwner, requireToGive } from "../require-to-give.ts";
import { canBeRestricted } from "../rights.ts";
import { announceAccess } from "./announce-access.ts";
import { presentWholeAccount, readWholeAccount, type AccountRow } from "./account-row.ts";
import { endAccess, endWhatExceeds } from "./end-access.ts";

/**
 * Changes what an account is and may do. New rights hold from the next request on; a disabled account is out at once.
 * Errors: FORBIDDEN (more than the actor has, or an owner by somebody who is none), NOT_FOUND (account, customer),
 * LAST_OWNER, INVALID_REQUEST (customers for a role that reaches all).
 */
export async function changeAccount({ ctx, input }: Verb<Input<"changeAccount">>): Promise<Result<"changeAccount">> {
  requireScope(ctx, "access:write");
  requireAllCustomers(ctx);
  const { accountId } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    await lockOwners(tx, ctx);
    const before = await readWholeAccount(tx, ctx, accountId);
    const after = changed(before, input, ctx.services.clock.now());
    await requireToGive(tx, ctx, [before.role, after.role]);
    if (input.reach !== undefined) await requireCustomers(tx, ctx.providerId, input.reach.customerIds);
    if (isActiveOwner(before) && !isActiveOwner(after)) await requireAnotherOwner(tx, ctx, accountId);
    await writeAccount(tx, after, input.reach !== undefined);
    await recordChange(tx, ctx, before, after);
    const isDisabledNow = before.disabled_at === null && after.disabled_at !== null;
    if (isDisabledNow) await endAccess(tx, ctx, accountId, "account.disable");
    else await endWhatExceeds(tx, ctx, accountId, after);
    announceAccess(tx, ctx, [accountId]);
    return presentWholeAccount(await readWholeAccount(tx, ctx, accountId));
  });
}

const isActiveOwner = ({ role, disabled_at }: AccountRow) => role === "owner" && disabled_at === null;

function changed<Row extends AccountRow>(before: Row, input: Input<"changeAccount">, now: number): Row {
  const after: Row = {
    ...before,
    name: input.name ?? before.name,
    language: input.language ?? before.language,
    role: input.role ?? before.role,
    reach: input.reach?.mode ?? before.reach,
    customer_ids: input.reach ? [...new Set(input.reach.customerIds)] : before.customer_ids,
    disabled_at: input.isDisabled === undefined ? before.disabled_at : input.isDisabled ? (before.disabled_at ?? new Date(now)) : null,
  };
  requireFitting(after);
  return after;
}

/** Errors: INVALID_REQUEST when a role that reaches all customers is to be restricted. */
export function requireFitting({ role, reach }: Pick<AccountRow, "role" | "reach">): void {
  if (reach === "all" || canBeRestricted(role)) return;
  throw new HauswartError("INVALID_REQUEST", undefined, {
    issues: [
      { path: "body.reach", message: "Whoever may give rights reaches all customers; restrict technicians and read-only accounts." },
    ],
  });
}

/** A list that was not set anew stays as it is stored: it may name customers that were erased. */
async function writeAccount(tx: Tx, row: AccountRow, hasNewReach: boolean): Promise<void> {
  await tx.sql(
    `update hauswart.account set name = $3, language = $4, role = $5, disabled_at = $6, reach = $7,
       customer_ids = case when $8::boolean then $9::uuid[] else customer_ids end, reach_from_issuer = case when not $8::boolean then reach_from_issuer end
     where provider_id = $1 and account_id = $2`,
    [
      row.provider_id,
      row.account_id,
      row.name,
      row.language,
      row.role,
      isoTimeOrNull(row.disabled_at),
      row.reach,
      hasNewReach,
      row.customer_ids,
    ],
  );
}

const audited = ({ name, language, role, reach, customer_ids, disabled_at }: AccountRow) => ({
  name,
  language,
  role,
  reach,
  customerIds: customer_ids,
  disabledAt: disabled_at === null ? null : isoTime(disabled_at),
});

async function recordChange(tx: Tx, ctx: Context, before: AccountRow, after: AccountRow): Promise<void> {
  await audit(tx, ctx, {
    action: "account.change",
    subject: { kind: "account", id: after.account_id },
    customerId: null,
    detail: { email: after.email, before: audited(before), after: audited(after) },
  });
}
