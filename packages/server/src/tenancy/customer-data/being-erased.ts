import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../../context.ts";

/** The provider's customers whose erasure has begun. In a transaction of its own: whoever is restricted to customers does not see erasures. */
export async function customersBeingErased({ services, providerId }: Pick<Context, "services" | "providerId">): Promise<ReadonlySet<Id>> {
  const rows = await services.database.transaction({ providerId, customers: "*" }, (tx) =>
    tx.sql<{ erased_id: Id }>("select erased_id from hauswart.customer_erasure where provider_id = $1 and finished_at is null", [
      providerId,
    ]),
  );
  return new Set(rows.map(({ erased_id }) => erased_id));
}

/** Errors: CONFLICT. */
export function requireNotErased(beingErased: ReadonlySet<Id>, customerId: Id): void {
  if (beingErased.has(customerId)) throw new HauswartError("CONFLICT", "This customer is being erased; no computers can be added to it.");
}
