/**
 * What findings do by themselves as time passes: notices that were held back become due, acknowledgements run out, and
 * findings about something that happened once end when somebody has taken note.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { deviceCheckId, type DeviceFindingCode } from "@hauswart/protocol/device-findings.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { publishEffects, type FindingEffect } from "./apply.ts";
import { endNoted, endAcknowledgements, tellHeldBack } from "./sweep-statements.ts";

const actor = { kind: "system", id: "findings", name: "findings" } as const;

/** Things that happened and do not last: nothing could ever show that they are over. */
const happenedOnce = ["ran-backwards", "message-quarantined", "samples-dropped"] as const satisfies readonly DeviceFindingCode[];

interface EffectRow {
  provider_id: Id;
  finding_id: Id;
  customer_id: Id | null;
  kind: FindingEffect["kind"];
}

/** Looks at all providers once. @returns how many findings changed. */
export async function sweepFindings(services: Services): Promise<number> {
  const now = isoTime(services.clock.now());
  const rows = await services.database.unwalled("findings as time passes", async (tx) => [
    ...(await tx.sql<EffectRow>(tellHeldBack, [now])),
    ...(await tx.sql<EffectRow>(endAcknowledgements, [now, JSON.stringify(actor)])),
    ...(await tx.sql<EffectRow>(endNoted, [now, JSON.stringify(actor), deviceCheckId, happenedOnce])),
  ]);
  for (const [providerId, own] of Map.groupBy(rows, ({ provider_id }) => provider_id)) {
    publishEffects(
      services,
      providerId,
      own.map(({ finding_id, customer_id, kind }) => ({ findingId: finding_id, customerId: customer_id, kind })),
    );
  }
  return rows.length;
}
