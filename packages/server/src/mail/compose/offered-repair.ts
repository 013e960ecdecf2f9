import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { readCustomerTerms } from "../../tenancy/customer-terms.ts";
import type { Material } from "./material.ts";

/** What a customer's own readers can order from a mail about findings (ALM-2). */
export async function offeredRepair(
  tx: Tx,
  { providerId }: Pick<Context, "providerId">,
  customerId: Id | null,
  findingIds: readonly Id[],
): Promise<Pick<Material, "repair" | "ordered">> {
  if (customerId === null) return { repair: undefined, ordered: new Set() };
  const [{ repair }, orders] = await Promise.all([
    readCustomerTerms(tx, providerId, customerId),
    tx.sql<{ finding_id: Id }>(
      "select finding_id from hauswart.repair_order where provider_id = $1 and finding_id = any($2::uuid[]) and state in ('open', 'accepted')",
      [providerId, findingIds],
    ),
  ]);
  return { repair: repair.kind === "off" ? undefined : repair, ordered: new Set(orders.map(({ finding_id }) => finding_id)) };
}
