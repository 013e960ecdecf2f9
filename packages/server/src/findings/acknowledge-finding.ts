import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";
import { presentFinding, readFinding } from "./finding-row.ts";
import { recordFindingChange } from "./record-finding-change.ts";

/**
 * Somebody takes a finding on, with a note for the house, one that the customer may read, and until when; acknowledging again
 * replaces them, unless only what is open is meant. The finding stays open until its evidence is good again, and is nobody's again when it gets worse. Errors: FORBIDDEN, NOT_FOUND, CONFLICT (it is closed, or acknowledged already), INVALID_REQUEST.
 */
export async function acknowledgeFinding({ ctx, input }: Verb<Input<"acknowledgeFinding">>): Promise<Result<"acknowledgeFinding">> {
  requireScope(ctx, "findings:write");
  return ctx.services.database.transaction(ctx, (tx) => acknowledgeWithin(tx, ctx, input));
}

/** The same within a transaction that does more. */
export async function acknowledgeWithin(tx: Tx, ctx: Context, input: Input<"acknowledgeFinding">): Promise<Result<"acknowledgeFinding">> {
  requireScope(ctx, "findings:write");
  const { customerNote = "" } = input;
  const nowMs = ctx.services.clock.now();
  const until = input.until === undefined ? null : isoTime(Date.parse(input.until));
  if (until !== null && Date.parse(until) <= nowMs)
    throw new HauswartError("INVALID_REQUEST", undefined, { issues: [{ path: "body.until", message: "This moment has passed." }] });
  const before = await readFinding(tx, ctx, input.findingId, "for update of f");
  if (before.closed_at !== null) throw new HauswartError("CONFLICT", "This finding is closed already.");
  if (input.onlyIfOpen === true && presentFinding(before, nowMs).state === "acknowledged")
    throw new HauswartError("CONFLICT", "Somebody has acknowledged this finding already.");
  await tx.sql(
    `update hauswart.finding set acknowledged_at = $3, acknowledged_by = $4, acknowledged_note = $5, acknowledged_customer_note = $7, acknowledged_until = $6
     where provider_id = $1 and finding_id = $2`,
    [ctx.providerId, input.findingId, isoTime(nowMs), ctx.actor.name, input.note, until, customerNote],
  );
  await recordFindingChange(tx, ctx, before, {
    kind: "acknowledged",
    note: input.note,
    detail: { note: input.note, customerNote, until },
  });
  return presentFinding(await readFinding(tx, ctx, input.findingId), nowMs);
}
