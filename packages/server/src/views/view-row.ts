/** Views as the database keeps them and as the API shows them. */
import type { SavedView, ViewList } from "@hauswart/protocol/api/views.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { Id } from "@hauswart/protocol/ids.ts";
import { managesUsers, reachesCustomer } from "../access/require-scope.ts";
import type { Own } from "../access/factors/own-account.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";

export interface ViewRow {
  saved_view_id: Id;
  account_id: Id;
  list: ViewList;
  name: string;
  search: string;
  columns: Record<string, boolean> | null;
  is_shared: boolean;
  owner_name: string;
  is_default: boolean;
  updated_at: Date;
}

/** Selects the views that account $2 of provider $1 has or is shown. */
export const selectViews = `
  select v.saved_view_id, v.account_id, v.list, v.name, v.search, v.columns, v.is_shared, a.name as owner_name,
    d.saved_view_id is not null as is_default, v.updated_at
  from hauswart.saved_view v
  join hauswart.account a on a.provider_id = v.provider_id and a.account_id = v.account_id
  left join hauswart.saved_view_default d
    on d.provider_id = v.provider_id and d.account_id = $2 and d.list = v.list and d.saved_view_id = v.saved_view_id
  where v.provider_id = $1 and (v.account_id = $2 or v.is_shared)`;

/**
 * Whether a view may be shown to whoever asks: one of others that is narrowed to a customer whom they may not see would tell
 * that customer's name.
 */
export function mayBeShown(ctx: Context, row: ViewRow, accountId: Id): boolean {
  if (row.account_id === accountId || ctx.customers === "*") return true;
  const customerId = customerOfSearch(row.search);
  return customerId === null || reachesCustomer(ctx, customerId);
}

/** The customer to whom an address is narrowed: whom the name of its view may tell. */
export function customerOfSearch(search: string): Id | null {
  const named = new URLSearchParams(search).get("customer");
  return Id.safeParse(named).data ?? null;
}

/** One view that may be shown. Errors: NOT_FOUND. */
export async function readView(tx: Tx, ctx: Context, own: Own, savedViewId: Id): Promise<ViewRow> {
  const [row] = await tx.sql<ViewRow>(`${selectViews} and v.saved_view_id = $3`, [own.providerId, own.accountId, savedViewId]);
  if (!row || !mayBeShown(ctx, row, own.accountId)) throw new HauswartError("NOT_FOUND");
  return row;
}

/** Whether the actor changes a view that is shown to them: its owner does, and of shared ones whoever manages the users of the house. */
function mayChange(ctx: Context, row: ViewRow, accountId: Id): boolean {
  return row.account_id === accountId || (row.is_shared && managesUsers(ctx));
}

/** A view that the actor changes. Errors: NOT_FOUND; FORBIDDEN when it is for others to change. */
export async function readViewToChange(tx: Tx, ctx: Context, own: Own, savedViewId: Id): Promise<ViewRow> {
  const row = await readView(tx, ctx, own, savedViewId);
  if (!mayChange(ctx, row, own.accountId)) throw new HauswartError("FORBIDDEN", "Only its owner changes a view, or who manages users.");
  return row;
}

export function presentView(ctx: Context, row: ViewRow, accountId: Id): SavedView {
  return {
    savedViewId: row.saved_view_id,
    list: row.list,
    name: row.name,
    search: row.search,
    columns: row.columns,
    isShared: row.is_shared,
    isMine: row.account_id === accountId,
    mayChange: mayChange(ctx, row, accountId),
    ownerName: row.owner_name,
    isDefault: row.is_default,
    updatedAt: isoTime(row.updated_at),
  };
}
