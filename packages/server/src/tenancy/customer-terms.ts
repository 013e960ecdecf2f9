/** What customers were promised about alarms: jsonb of their rows, defaults filled in. */
import { CustomerTerms, type ShownCustomerTerms } from "@hauswart/protocol/api/customer-terms.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../database/database.ts";
import { unreachableReaders } from "./daily-mail-readers.ts";

/** The terms of a customer within reach. Errors: NOT_FOUND. */
export async function readCustomerTerms(tx: Tx, providerId: Id, customerId: Id, lock: "for update" | "" = ""): Promise<CustomerTerms> {
  const [row] = await tx.sql<{ terms: unknown }>(
    `select terms from hauswart.customer where provider_id = $1 and customer_id = $2 ${lock}`,
    [providerId, customerId],
  );
  if (!row) throw new HauswartError("NOT_FOUND");
  return CustomerTerms.parse(row.terms);
}

/** The same with what is known of those who get the daily mail. Errors: NOT_FOUND. */
export async function showCustomerTerms(tx: Tx, providerId: Id, customerId: Id): Promise<ShownCustomerTerms> {
  const terms = await readCustomerTerms(tx, providerId, customerId);
  return { ...terms, dailyMailUnreachable: await unreachableReaders(tx, providerId, customerId) };
}
