/** Whose a maintenance window is, and who may touch it. */
import type { MaintenanceScope } from "@hauswart/protocol/api/models.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireAllCustomers } from "../access/require-scope.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { readDevice } from "../devices/device-row.ts";
import { readCustomer } from "../tenancy/customer-row.ts";
import { readSite } from "../tenancy/site-row.ts";

interface Meant {
  readonly scope: MaintenanceScope;
  readonly scopeId: string;
  /** Of a tag: only devices of this customer. */
  readonly customerId: Id | null;
}

/** The customer that a window belongs to; null for the provider's. Errors: NOT_FOUND (not within reach), FORBIDDEN, INVALID_REQUEST. */
export async function ownerOfWindow(tx: Tx, ctx: Context, { scope, scopeId, customerId }: Meant): Promise<Id | null> {
  if (scope === "customer") return (await readCustomer(tx, ctx, requireId(scopeId))).customer_id;
  if (scope === "site") return (await readSite(tx, ctx, requireId(scopeId))).customer_id;
  if (scope === "device") return (await readDevice(tx, ctx, requireId(scopeId))).customerId;
  if (scope === "tag" && scopeId.trim() === "")
    throw new HauswartError("INVALID_REQUEST", undefined, { issues: [{ path: "body.scopeId", message: "Which tag is meant?" }] });
  if (scope === "tag" && customerId !== null) return (await readCustomer(tx, ctx, customerId)).customer_id;
  requireAllCustomers(ctx);
  return null;
}

function requireId(scopeId: string): Id {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(scopeId)) return scopeId;
  throw new HauswartError("NOT_FOUND");
}
