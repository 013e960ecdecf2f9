/** Shared views belong to the house more than to whoever made them: they outlive the account. */
import type { ViewList } from "@hauswart/protocol/api/views.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";

interface KeptRow {
  saved_view_id: Id;
  list: ViewList;
  name: string;
}

/**
 * Before an account is removed: what it shared goes over to whoever removes it, or, where a program does, to the owner who has been
 * here longest. Where they have a view of that name, the name of who made it is put behind. What was not shared goes with the account.
 * @returns names of the views that stay.
 */
export async function keepSharedViews(tx: Tx, { providerId, actor }: Context, account: { accountId: Id; name: string }): Promise<string[]> {
  const shared = await tx.sql<KeptRow>(
    "select saved_view_id, list, name from hauswart.saved_view where provider_id = $1 and account_id = $2 and is_shared order by saved_view_id",
    [providerId, account.accountId],
  );
  const [heir] = await tx.sql<{ account_id: Id }>(
    `select account_id from hauswart.account
     where provider_id = $1 and account_id <> $2 and disabled_at is null and (account_id::text = $3 or role = 'owner')
     order by account_id::text = $3 desc, created_at, account_id limit 1`,
    [providerId, account.accountId, actor.id],
  );
  if (!heir || shared.length === 0) return [];
  const own = await tx.sql<KeptRow>(
    "select saved_view_id, list, name from hauswart.saved_view where provider_id = $1 and account_id = $2",
    [providerId, heir.account_id],
  );
  const taken = new Set(own.map(keyOf));
  const kept = shared.map((view) => {
    const name = freeName(view, account.name, taken);
    taken.add(keyOf({ ...view, name }));
    return { savedViewId: view.saved_view_id, name };
  });
  await tx.sql(
    `update hauswart.saved_view v set account_id = $2, name = k.name
     from jsonb_to_recordset($3::text::jsonb) as k("savedViewId" uuid, name text) where v.provider_id = $1 and v.saved_view_id = k."savedViewId"`,
    [providerId, heir.account_id, JSON.stringify(kept)],
  );
  return kept.map(({ name }) => name);
}

/** A name is somebody's once in a list, however it is written. */
const keyOf = ({ list, name }: Pick<KeptRow, "list" | "name">) => `${list} ${name.toLowerCase()}`;

/** At most 100 letters, as names of views are. */
function freeName({ list, name }: KeptRow, maker: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 1; taken.has(keyOf({ list, name: free })); number++)
    free = `${cut(name, 60)} (${cut(maker, 30)}${number === 1 ? "" : ` ${number}`})`;
  return free;
}

/** No half of a letter stays that takes two units. */
const cut = (text: string, most: number): string => text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "");
