import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import { calendarsOf, type Calendars } from "../calendars/calendars-of.ts";
import { promisedByMs } from "../calendars/service-time.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { readFinding, type FindingRow } from "../findings/finding-row.ts";
import { recordFindingChange } from "../findings/record-finding-change.ts";
import { formatIn } from "../format-in.ts";
import { findingWords } from "../mail/render/finding-words.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";
import { presentContact, selectContacts, type ContactRow } from "./contact-row.ts";

const minuteMs = 60_000;
/** Clocks of people who write down a call that has just ended. */
const aheadMs = 5 * minuteMs;

/**
 * Records a contact with the customer about a finding (ALM-3). Steps that were agreed before are done with it when somebody was
 * reached; the next one is due in the customer's service hours. Errors: FORBIDDEN, NOT_FOUND, CONFLICT (the finding belongs to no
 * customer), INVALID_REQUEST (a moment to come).
 */
export async function recordContact({ ctx, input }: Verb<Input<"recordContact">>): Promise<Result<"recordContact">> {
  requireScope(ctx, "findings:write");
  const nowMs = ctx.services.clock.now();
  const atMs = input.at === undefined ? nowMs : Date.parse(input.at);
  if (atMs > nowMs + aheadMs)
    throw new HauswartError("INVALID_REQUEST", undefined, { issues: [{ path: "body.at", message: "This moment is still to come." }] });
  const calendars = await calendarsOf(ctx.services, ctx.providerId);
  return ctx.services.database.transaction(ctx, async (tx) => {
    const finding = await readFinding(tx, ctx, input.findingId, "for update of f");
    const { customer_id } = finding;
    if (customer_id === null) throw new HauswartError("CONFLICT", "This finding is about the server itself; no customer waits for a word.");
    const dueAtMs = nextDueMs(calendars, { ...finding, customer_id }, input, atMs);
    if (input.reached)
      await tx.sql(
        `update hauswart.contact set next_done_at = $3
         where provider_id = $1 and finding_id = $2 and next_due_at is not null and next_done_at is null`,
        [ctx.providerId, input.findingId, isoTime(nowMs)],
      );
    const contactId = newId(nowMs);
    await insertContact(tx, ctx, { contactId, finding: { ...finding, customer_id }, input, atMs, dueAtMs });
    await recordFindingChange(tx, ctx, finding, {
      kind: "contacted",
      note: noteOf(input),
      detail: { contactId, channel: input.channel, partner: input.partner, reached: input.reached, nextDueAt: isoTimeOrNull(dueAtMs) },
    });
    const [row] = await tx.sql<ContactRow>(`${selectContacts} and k.contact_id = $2`, [ctx.providerId, contactId]);
    return presentContact(row!);
  });
}

type CustomersFinding = FindingRow & { readonly customer_id: Id };

/** When the agreed step is due; null when none was agreed. Counted in the service hours of the finding's place. */
function nextDueMs(
  calendars: Calendars,
  { customer_id, site_id }: CustomersFinding,
  { nextStep, nextWithinMinutes }: Input<"recordContact">,
  atMs: number,
): number | null {
  if (nextStep === "" || nextWithinMinutes === null) return null;
  return promisedByMs(calendars.workingTime({ customerId: customer_id, siteId: site_id }, "service"), atMs, nextWithinMinutes * minuteMs);
}

interface New {
  readonly contactId: Id;
  readonly finding: CustomersFinding;
  readonly input: Input<"recordContact">;
  readonly atMs: number;
  readonly dueAtMs: number | null;
}

async function insertContact(tx: Tx, ctx: Context, { contactId, finding, input, atMs, dueAtMs }: New): Promise<void> {
  const about = { checkId: finding.check_id, code: finding.code, subject: finding.subject };
  const { title } = findingWords(ctx.services.checks, about, finding.evidence, formatIn(ctx.language, finding.time_zone));
  await tx.sql(
    `insert into hauswart.contact (provider_id, contact_id, customer_id, finding_id, title, device_name, channel, partner, at, reached, agreed, next_step, next_due_at, recorded_by, next_within_minutes)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      ctx.providerId,
      contactId,
      finding.customer_id,
      finding.finding_id,
      title,
      finding.device_name,
      input.channel,
      input.partner,
      isoTime(atMs),
      input.reached,
      input.agreed,
      input.nextStep,
      isoTimeOrNull(dueAtMs),
      ctx.actor.name,
      dueAtMs === null ? null : input.nextWithinMinutes,
    ],
  );
}

/** What the finding's history says of it, without words of ours. */
const noteOf = ({ partner, agreed, nextStep }: Input<"recordContact">) => [partner, agreed, nextStep].filter(Boolean).join(" · ");
