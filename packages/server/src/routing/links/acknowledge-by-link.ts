import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Context, PublicVerb } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { acknowledgeWithin } from "../../findings/acknowledge-finding.ts";
import { presentFinding } from "../../findings/finding-row.ts";
import { isoTime } from "../../times.ts";
import { callOfLink, presentCall, readCall, type OpenedCall } from "./acknowledge-link.ts";

const notes = {
  de: "Über den Link in der Mail an die Bereitschaft übernommen.",
  en: "Taken on by the link in the mail to the person on call.",
} as const;

/**
 * Acknowledges what is still open of a mail's findings, in the name of whom it was sent to and with their rights of now. Works once: of
 * several presses at the same time one acts, and the link is used up by the same transaction that acknowledges. Errors: LINK_INVALID
 * (altered, run out, used, or the person may not any more).
 */
export async function acknowledgeByLink({ caller, input }: PublicVerb<Input<"acknowledgeByLink">>): Promise<Result<"acknowledgeByLink">> {
  const { services, address } = caller;
  const { ctx, callId } = callOfLink(services, input.token);
  return services.database.transaction(ctx, async (tx) => {
    const call = await readCall(tx, ctx.providerId, callId);
    const [used] = await tx.sql<{ one: number }>(
      "update hauswart.escalation_call set acknowledged_at = $3 where provider_id = $1 and call_id = $2 and acknowledged_at is null returning 1 as one",
      [ctx.providerId, callId, isoTime(services.clock.now())],
    );
    if (!used) throw new HauswartError("LINK_INVALID", "This link has been used already.");
    await acknowledgeOpen(tx, contextOfCall(call, { ...ctx, address }), call);
    return presentCall(caller, await readCall(tx, ctx.providerId, callId));
  });
}

const contextOfCall = ({ rights, callId, accountId, name, language }: OpenedCall, ctx: Context): Context => ({
  ...ctx,
  ...rights,
  actor: { kind: "technician", id: accountId, name, callId },
  language,
});

async function acknowledgeOpen(tx: Tx, ctx: Context, { findings, language }: OpenedCall): Promise<void> {
  for (const row of findings) {
    if (presentFinding(row, ctx.services.clock.now()).state !== "open") continue;
    await acknowledgeWithin(tx, ctx, { findingId: row.finding_id, note: notes[language] }).catch((error: unknown) => {
      // It was closed in this very moment; the page shows it.
      if (!(error instanceof HauswartError && error.code === "CONFLICT")) throw error;
    });
  }
}
