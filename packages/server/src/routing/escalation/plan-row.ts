/** Escalation plans as the database keeps them. */
import type { EscalationPlan } from "@hauswart/protocol/api/routing.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../../database/database.ts";

export interface PlanRow {
  plan_id: Id;
  revision: number;
  customer_id: Id | null;
  name: string;
  from_severity: EscalationPlan["fromSeverity"];
  topics: EscalationPlan["topics"];
  hours: EscalationPlan["hours"];
  steps: EscalationPlan["steps"];
  repeats: number;
}

export const planColumns = "plan_id, revision, customer_id, name, from_severity, topics, hours, steps, repeats";

export const presentPlan = (row: PlanRow): EscalationPlan => ({
  planId: row.plan_id,
  revision: row.revision,
  customerId: row.customer_id,
  name: row.name,
  fromSeverity: row.from_severity,
  topics: row.topics,
  hours: row.hours,
  steps: row.steps,
  repeats: row.repeats,
});

export async function readPlans(tx: Tx, providerId: Id): Promise<EscalationPlan[]> {
  const rows = await tx.sql<PlanRow>(
    `select ${planColumns} from hauswart.escalation_plan where provider_id = $1 order by lower(name), plan_id`,
    [providerId],
  );
  return rows.map(presentPlan);
}

/** Errors: NOT_FOUND. */
export async function readPlan(tx: Tx, providerId: Id, planId: Id, lock: "for update" | "" = ""): Promise<PlanRow> {
  const [row] = await tx.sql<PlanRow>(
    `select ${planColumns} from hauswart.escalation_plan where provider_id = $1 and plan_id = $2 ${lock}`,
    [providerId, planId],
  );
  if (!row) throw new HauswartError("NOT_FOUND");
  return row;
}
