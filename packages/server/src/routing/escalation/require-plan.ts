/** What making and changing an escalation plan share. */
import type { EscalationPlan } from "@hauswart/protocol/api/routing.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { reachesCustomer } from "../../access/require-scope.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { readCustomer } from "../../tenancy/customer-row.ts";
import { requirePeople } from "../rota/save-rota.ts";
import { readRotas } from "../rotas.ts";

/** @param before the steps of a plan that is changed: whoever stands in them already may stay. Errors: FORBIDDEN (for all customers, by somebody restricted), NOT_FOUND (customer), INVALID_REQUEST (rota, layer, person). */
export async function requirePlan(
  tx: Tx,
  ctx: Context,
  { customerId, steps }: Pick<EscalationPlan, "customerId" | "steps">,
  before: EscalationPlan["steps"] = [],
): Promise<void> {
  if (customerId === null && !reachesCustomer(ctx, null))
    throw new HauswartError("FORBIDDEN", "This concerns all customers; your rights are restricted to some.");
  if (customerId !== null) await readCustomer(tx, ctx, customerId);
  const rotas = await readRotas(tx, ctx);
  for (const { to } of steps) {
    if (to.kind !== "rota" || rotas.find(({ rota_id }) => rota_id === to.rotaId)?.layers[to.layer]) continue;
    throw new HauswartError("INVALID_REQUEST", undefined, {
      issues: [{ path: "body.steps", message: "There is no such rota, or it has no such layer." }],
    });
  }
  const known = new Set(peopleIn(before));
  const people = peopleIn(steps).filter((accountId) => !known.has(accountId));
  if (people.length > 0) await requirePeople(tx, ctx, people, "body.steps");
}

const peopleIn = (steps: EscalationPlan["steps"]) => steps.flatMap(({ to }) => (to.kind === "account" ? [to.accountId] : []));
