import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Context, PublicVerb } from "../../context.ts";
import { acknowledgeFinding } from "../../findings/acknowledge-finding.ts";
import { presentFinding } from "../../findings/finding-row.ts";
import { isoTime } from "../../times.ts";
import { openCall, presentCall } from "./acknowledge-link.ts";

const notes = {
  de: "Über den Link in der Mail an die Bereitschaft übernommen.",
  en: "Taken on by the link in the mail to the person on call.",
} as const;

/**
 * Acknowledges what is still open of a mail's findings, in the name of whom it was sent to. Works once: of several presses at the same
 * time one acts. Errors: LINK_INVALID (altered, run out, used).
 */
export async function acknowledgeByLink({ caller, input }: PublicVerb<Input<"acknowledgeByLink">>): Promise<Result<"acknowledgeByLink">> {
  const call = await openCall(caller, input.token);
  const { services } = caller;
  const { providerId, callId, accountId, name, language } = call;
  const ctx: Context = {
    services,
    providerId,
    customers: "*",
    scopes: new Set(["findings:write"]),
    actor: { kind: "technician", id: accountId, name, sessionId: callId },
    language,
    address: caller.address,
  };
  const [used] = await services.database.transaction(ctx, (tx) =>
    tx.sql<{ one: number }>(
      "update hauswart.escalation_call set acknowledged_at = $3 where provider_id = $1 and call_id = $2 and acknowledged_at is null returning 1 as one",
      [providerId, callId, isoTime(services.clock.now())],
    ),
  );
  if (!used) throw new HauswartError("LINK_INVALID", "This link has been used already.");
  for (const row of call.findings) {
    if (presentFinding(row, services.clock.now()).state !== "open") continue;
    await acknowledgeFinding({ ctx, input: { findingId: row.finding_id, note: notes[language] } }).catch((error: unknown) => {
      // It was closed in this very moment; the page shows it.
      if (!(error instanceof HauswartError && error.code === "CONFLICT")) throw error;
    });
  }
  return presentCall(caller, await openCall(caller, input.token));
}
