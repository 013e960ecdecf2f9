import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { isoTime } from "../times.ts";
import { readFinding } from "./finding-row.ts";
import { recordFindingChange } from "./record-finding-change.ts";

/** Writes down what is known of a finding; its state stays, and a closed one takes notes as well. Errors: FORBIDDEN, NOT_FOUND. */
export async function addFindingNote({ ctx, input }: Verb<Input<"addFindingNote">>): Promise<Result<"addFindingNote">> {
  requireScope(ctx, "findings:write");
  const at = isoTime(ctx.services.clock.now());
  return ctx.services.database.transaction(ctx, async (tx) => {
    const finding = await readFinding(tx, ctx, input.findingId, "for update of f");
    await recordFindingChange(tx, ctx, finding, { kind: "noted", note: input.note, detail: { note: input.note } });
    return { at, kind: "noted" as const, actor: ctx.actor.name, severity: finding.severity, note: input.note, evidence: null };
  });
}
