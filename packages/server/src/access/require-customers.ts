import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../database/database.ts";

/** Every one of them must be a customer of the provider. Errors: NOT_FOUND. */
export async function requireCustomers(tx: Tx, providerId: Id, customerIds: readonly Id[]): Promise<void> {
  if (customerIds.length === 0) return;
  const found = await tx.sql<{ customer_id: Id }>(
    "select customer_id from hauswart.customer where provider_id = $1 and customer_id = any($2::uuid[])",
    [providerId, customerIds],
  );
  const missing = customerIds.find((id) => !found.some(({ customer_id }) => customer_id === id));
  if (missing !== undefined) throw new HauswartError("NOT_FOUND", `There is no customer ${missing}.`);
}
