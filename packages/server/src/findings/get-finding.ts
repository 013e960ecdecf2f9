import type { FindingEvent } from "@hauswart/protocol/api/models.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { z } from "zod";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { isoTime } from "../times.ts";
import { presentFinding, readFinding } from "./finding-row.ts";

type Event = z.infer<typeof FindingEvent>;

interface EventRow {
  at: Date;
  kind: Event["kind"];
  actor: { name?: string };
  severity: Event["severity"];
  note: string | null;
  evidence: Record<string, unknown> | null;
}

/** A finding flaps at most so often before its oldest events are left out. */
const eventLimit = 1_000;

/** One finding with what happened to it, oldest first. Errors: FORBIDDEN, NOT_FOUND. */
export async function getFinding({ ctx, input }: Verb<Input<"getFinding">>): Promise<Result<"getFinding">> {
  requireScope(ctx, "findings:read");
  return ctx.services.database.transaction(ctx, async (tx) => {
    const row = await readFinding(tx, ctx, input.findingId);
    const events = await tx.sql<EventRow>(
      `select * from (
         select finding_event_id, at, kind, actor, severity, note, evidence from hauswart.finding_event
         where provider_id = $1 and finding_id = $2 order by finding_event_id desc limit $3) newest
       order by finding_event_id`,
      [ctx.providerId, input.findingId, eventLimit],
    );
    return {
      ...presentFinding(row, ctx.services.clock.now()),
      events: events.map((event) => ({ ...event, at: isoTime(event.at), actor: event.actor.name ?? "" })),
    };
  });
}
