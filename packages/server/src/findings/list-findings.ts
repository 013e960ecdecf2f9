import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { Parameters } from "../database/parameters.ts";
import { decodeCursor, momentKey, pageOf } from "../paging.ts";
import { isoTime } from "../times.ts";
import { isAcknowledged, presentFinding, selectFindings, type FindingRow } from "./finding-row.ts";

/** Findings within the actor's reach, newest first. Errors: FORBIDDEN. */
export async function listFindings({ ctx, input }: Verb<Input<"listFindings">>): Promise<Result<"listFindings">> {
  requireScope(ctx, "findings:read");
  const nowMs = ctx.services.clock.now();
  const parameters = new Parameters();
  const conditions = [`f.provider_id = ${parameters.add(ctx.providerId)}`, ...conditionsOf(input, parameters, nowMs)];
  const limit = parameters.add(input.limit + 1);
  const statement = `${selectFindings} where ${conditions.join(" and ")} order by f.opened_at desc, f.finding_id limit ${limit}`;
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rows = await tx.sql<FindingRow>(statement, parameters.values);
    return pageOf(
      rows,
      input.limit,
      (row) => [row.opened_key, row.finding_id],
      (row) => presentFinding(row, nowMs),
    );
  });
}

function conditionsOf(input: Input<"listFindings">, parameters: Parameters, nowMs: number): string[] {
  const conditions = stateConditions(input.state, parameters, nowMs);
  const equals = { customer_id: input.customerId, device_id: input.deviceId, severity: input.severity, check_id: input.check };
  for (const [column, value] of Object.entries(equals)) {
    if (value !== undefined) conditions.push(`f.${column} = ${parameters.add(value)}`);
  }
  const after = decodeCursor(input.cursor, momentKey);
  if (after) {
    const [openedAt, id] = [parameters.add(after[0]), parameters.add(after[1])];
    conditions.push(`f.opened_at <= ${openedAt}::timestamptz and (f.opened_at < ${openedAt}::timestamptz or f.finding_id > ${id}::uuid)`);
  }
  return conditions;
}

function stateConditions(state: Input<"listFindings">["state"], parameters: Parameters, nowMs: number): string[] {
  switch (state) {
    case "current":
      return ["f.closed_at is null"];
    case "closed":
      return ["f.closed_at is not null"];
    case "acknowledged":
      return ["f.closed_at is null", isAcknowledged(parameters.add(isoTime(nowMs)))];
    case "open":
      return ["f.closed_at is null", `not ${isAcknowledged(parameters.add(isoTime(nowMs)))}`];
  }
}
