import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { z } from "zod";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { Parameters } from "../database/parameters.ts";
import { decodeCursor, moment, momentKey, pageOf } from "../paging.ts";
import { isoTime } from "../times.ts";
import { findingColumns, findingSource, isAcknowledged, presentFinding, selectFindings, type FindingRow } from "./finding-row.ts";
import { isNoDrill } from "./no-drill.ts";

type Question = Input<"listFindings">;

/** Findings within the actor's reach, newest first or by incident. Errors: FORBIDDEN, INVALID_REQUEST (cursor). */
export async function listFindings({ ctx, input }: Verb<Question>): Promise<Result<"listFindings">> {
  requireScope(ctx, "findings:read");
  const nowMs = ctx.services.clock.now();
  const parameters = new Parameters();
  const conditions = [`f.provider_id = ${parameters.add(ctx.providerId)}`, ...conditionsOf(input, parameters, nowMs)];
  const statement = input.order === "incident" ? byIncident(input, conditions, parameters) : newestFirst(input, conditions, parameters);
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rows = await tx.sql<ListedRow>(statement, parameters.values);
    return pageOf(
      rows,
      input.limit,
      (row) =>
        input.order === "incident"
          ? [row.group_key, row.group_id, row.place, row.opened_key, row.finding_id]
          : [row.opened_key, row.finding_id],
      (row) => presentFinding(row, nowMs),
    );
  });
}

interface ListedRow extends FindingRow {
  /** By incident only: the newest finding of the incident or device, with microseconds. */
  group_key: string;
  /** The incident, else the device, else the finding itself. */
  group_id: string;
  /** 0 for the cause of the others, 1 for failures, 2 for warnings. */
  place: number;
}

function newestFirst(input: Question, conditions: string[], parameters: Parameters): string {
  const after = decodeCursor(input.cursor, momentKey);
  if (after) {
    const [openedAt, id] = [parameters.add(after[0]), parameters.add(after[1])];
    conditions.push(`f.opened_at <= ${openedAt}::timestamptz and (f.opened_at < ${openedAt}::timestamptz or f.finding_id > ${id}::uuid)`);
  }
  return `${selectFindings} where ${conditions.join(" and ")} order by f.opened_at desc, f.finding_id limit ${parameters.add(input.limit + 1)}`;
}

const incidentKey = z.tuple([moment, z.uuid(), z.int(), moment, z.uuid()]);

/** What one cause explains stands together, and so do all findings of a device, in the place of the newest; the cause comes first. */
const group = "coalesce(fi.incident_id, f.device_id, f.finding_id)";
function byIncident(input: Question, conditions: string[], parameters: Parameters): string {
  const after = decodeCursor(input.cursor, incidentKey);
  const rows = `select ${findingColumns}, max(f.opened_at) over (partition by ${group}) as group_at, ${group} as group_id,
    case when fi.cause_finding_id = f.finding_id then 0 when f.severity = 'failure' then 1 else 2 end as place ${findingSource} where ${conditions.join(" and ")}`;
  const [at, id, place, opened, finding] = (after ?? []).map((part) => parameters.add(part));
  const beyond = after
    ? `where group_at < ${at}::timestamptz or (group_at = ${at}::timestamptz and (group_id > ${id}::uuid or (group_id = ${id}::uuid and (place > ${place}::int
        or (place = ${place}::int and (opened_at < ${opened}::timestamptz or (opened_at = ${opened}::timestamptz and finding_id > ${finding}::uuid)))))))`
    : "";
  return `select *, group_at::text as group_key from (${rows}) listed ${beyond}
    order by group_at desc, group_id, place, opened_at desc, finding_id limit ${parameters.add(input.limit + 1)}`;
}

function conditionsOf(input: Question, parameters: Parameters, nowMs: number): string[] {
  const conditions = stateConditions(input.state, parameters, nowMs);
  const equals = {
    customer_id: input.customerId,
    device_id: input.deviceId,
    severity: input.severity,
    check_id: input.check,
    hold_window_id: input.maintenanceWindowId,
    incident_id: input.incidentId,
  };
  for (const [column, value] of Object.entries(equals)) {
    if (value !== undefined) conditions.push(`f.${column} = ${parameters.add(value)}`);
  }
  if (input.hold !== undefined)
    conditions.push(input.hold === "none" ? "f.hold_kind is null" : `f.hold_kind = ${parameters.add(input.hold)}`);
  if (input.drills === "without") conditions.push(isNoDrill("f"));
  if (input.changedSince !== undefined) conditions.push(`f.changed_at >= ${parameters.add(input.changedSince)}::timestamptz`);
  if (input.acknowledgedUntil !== undefined) {
    conditions.push("f.closed_at is null", isAcknowledged(parameters.add(isoTime(nowMs))));
    conditions.push(`f.acknowledged_until <= ${parameters.add(input.acknowledgedUntil)}::timestamptz`);
  }
  return conditions;
}

function stateConditions(state: Question["state"], parameters: Parameters, nowMs: number): string[] {
  switch (state) {
    case "all":
      return [];
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
