/**
 * The end of what held findings back. A fault that outlives its maintenance window and the grace after it, or the cause that
 * explained it, is told like a new one; what is gone by then is told to nobody and stays on the list of what was suppressed.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { publishEffects, type FindingEffect } from "./apply.ts";
import { closeIncidents, noteGoneCauses, releaseHolds } from "./incident-statements.ts";

const actor = { kind: "system", id: "findings", name: "findings" } as const;

/** After a cause is gone: an agent's longest pause before it connects again, time to be let in, and to send what it kept. */
export const settleSeconds = 150;

/** Looks at all providers once. @returns how many findings changed. */
export async function sweepHolds(services: Services): Promise<number> {
  const now = isoTime(services.clock.now());
  const rows = await services.database.unwalled("findings that are held back", async (tx) => {
    await tx.sql(noteGoneCauses(settleSeconds), [now]);
    const released = await tx.sql<{ provider_id: Id; finding_id: Id; customer_id: Id | null; kind: FindingEffect["kind"] }>(releaseHolds, [
      now,
      JSON.stringify(actor),
    ]);
    await tx.sql(closeIncidents, [now]);
    return released;
  });
  for (const [providerId, own] of Map.groupBy(rows, ({ provider_id }) => provider_id)) {
    publishEffects(
      services,
      providerId,
      own.map(({ finding_id, customer_id, kind }) => ({ findingId: finding_id, customerId: customer_id, kind })),
    );
  }
  return rows.length;
}
