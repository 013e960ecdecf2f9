import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { formatIn } from "../../format-in.ts";
import type { PendingFinding } from "../../mail/compose/decide.ts";
import { insertMailedEvents } from "../../mail/compose/store.ts";
import { readProviderSettings } from "../../tenancy/provider-settings.ts";
import { callNotes } from "./call-texts.ts";

/** A line in the history of findings about which nobody is called before somebody is on duty. */
export async function noteWaiting(
  tx: Tx,
  ctx: Pick<Context, "services" | "providerId">,
  findings: readonly Pick<PendingFinding, "findingId" | "customerId" | "severity">[],
  untilMs: number,
): Promise<void> {
  if (findings.length === 0) return;
  const { language, timeZone } = await readProviderSettings(tx, ctx);
  const note = callNotes[language].waits(formatIn(language, timeZone).dateTime(untilMs));
  const events = findings.map(({ findingId, customerId, severity }) => ({
    findingId,
    customerId,
    severity,
    note,
    evidence: { told: "on-call", recipients: 0 },
  }));
  await insertMailedEvents(tx, ctx.providerId, events, ctx.services.clock.now());
}
