import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../audit/audit.ts";
import type { PublicVerb } from "../context.ts";
import { isoTime } from "../times.ts";
import { contextOfVerdictLink, readLinkedAlarm } from "./verdict-link.ts";

/**
 * Says by the link in a mail whether it was right to tell of a finding, in the name of the addresses that the mail was sent to. It
 * is the first word only: what somebody has judged, in the console or by a link, stays, so of several presses one counts.
 * Errors: LINK_INVALID, CONFLICT (judged already).
 */
export async function judgeByLink({ caller, input }: PublicVerb<Input<"judgeByLink">>): Promise<Result<"judgeByLink">> {
  const { ctx, link } = contextOfVerdictLink(caller, input.token);
  const { verdict } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    const { finding, offer } = await readLinkedAlarm(tx, ctx, link);
    const { finding_id: findingId, customer_id: customerId } = finding;
    const at = isoTime(ctx.services.clock.now());
    const [first] = await tx.sql<{ one: number }>(
      `insert into hauswart.finding_verdict (provider_id, finding_id, customer_id, verdict, judged_by, judged_at) values ($1, $2, $3, $4, $5, $6)
       on conflict do nothing returning 1 as one`,
      [ctx.providerId, findingId, customerId, verdict, offer.readers, at],
    );
    if (!first) throw new HauswartError("CONFLICT", "This alarm has been judged already.");
    await audit(tx, ctx, {
      action: "finding.judge",
      subject: { kind: "finding", id: findingId },
      customerId,
      detail: { verdict, mailId: link.mailId, addresses: finding.recipients.map(({ address }) => address) },
    });
    return { ...offer, said: { verdict, by: offer.readers, at } };
  });
}
