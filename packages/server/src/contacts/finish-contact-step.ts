import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { isoTime } from "../times.ts";
import { presentContact, selectContacts, type ContactRow } from "./contact-row.ts";

/** Says that the step which was agreed in a contact is done. Errors: FORBIDDEN, NOT_FOUND, CONFLICT (no step is due). */
export async function finishContactStep({ ctx, input }: Verb<Input<"finishContactStep">>): Promise<Result<"finishContactStep">> {
  requireScope(ctx, "findings:write");
  const { contactId } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    const read = async () => (await tx.sql<ContactRow>(`${selectContacts} and k.contact_id = $2`, [ctx.providerId, contactId]))[0];
    const before = await read();
    if (!before) throw new HauswartError("NOT_FOUND");
    const done = await tx.sql(
      `update hauswart.contact set next_done_at = $3
       where provider_id = $1 and contact_id = $2 and next_due_at is not null and next_done_at is null returning 1`,
      [ctx.providerId, contactId, isoTime(ctx.services.clock.now())],
    );
    if (done.length === 0) throw new HauswartError("CONFLICT", "No step of this contact is due.");
    await audit(tx, ctx, {
      action: "contact.finish-step",
      subject: { kind: "contact", id: contactId },
      customerId: before.customer_id,
      detail: { nextStep: before.next_step, findingId: before.finding_id },
    });
    announce(tx, ctx, { kind: "finding", id: before.finding_id, customerId: before.customer_id, change: "changed" });
    return presentContact((await read())!);
  });
}
