import type { DueContact } from "@hauswart/protocol/api/contacts.ts";
import { CustomerTerms } from "@hauswart/protocol/api/customer-terms.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { formatFor } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import { calendarsOf, type Calendars } from "../calendars/calendars-of.ts";
import type { Context, Verb } from "../context.ts";
import { findingColumns, findingSource, type FindingRow } from "../findings/finding-row.ts";
import { findingWords } from "../mail/render/finding-words.ts";
import { isoTime } from "../times.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** What was over before its contact was due needs none; what was not stays for so long, so that a missed promise is seen. */
const missedDays = 30;
/** More stand on no list that somebody works off. */
const limit = 500;

/** Findings whose customer waits for the promised contact (ALM-3), and agreed steps that are not done; most urgent first. Errors: FORBIDDEN. */
export async function listDueContacts({ ctx, input }: Verb<Input<"listDueContacts">>): Promise<Result<"listDueContacts">> {
  requireScope(ctx, "findings:read");
  const nowMs = ctx.services.clock.now();
  const calendars = await calendarsOf(ctx.services, ctx.providerId);
  const [waiting, steps] = await ctx.services.database.transaction(ctx, (tx) =>
    Promise.all([
      tx.sql<WaitingRow>(waitingFindings, [ctx.providerId, input.customerId ?? null, isoTime(nowMs - missedDays * dayMs), limit]),
      tx.sql<StepRow>(openSteps, [ctx.providerId, input.customerId ?? null, limit]),
    ]),
  );
  const items = [
    ...waiting.flatMap((row) => firstContact(ctx, calendars, row, nowMs)),
    ...steps.map((row) => nextStep(row, nowMs)),
  ].toSorted((one, other) => one.dueAt.localeCompare(other.dueAt));
  return { items: items.slice(0, limit) };
}

/** $1 provider, $2 customer or null, $3 the moment before which closed findings are past, $4 limit. */
const waitingFindings = `
  select ${findingColumns}, c.terms ${findingSource}
  where f.provider_id = $1 and ($2::uuid is null or f.customer_id = $2)
    and jsonb_typeof(c.terms -> 'contactWithinMinutes') = 'number' and (f.severity = 'failure' or c.terms ->> 'contactFrom' = 'warning')
    and (f.closed_at is null or f.closed_at > $3::timestamptz)
    and not exists (select from hauswart.contact k where k.provider_id = f.provider_id and k.finding_id = f.finding_id and k.reached)
  order by f.opened_at limit $4`;

/** $1 provider, $2 customer or null, $3 limit. */
const openSteps = `
  select k.contact_id, k.finding_id, k.customer_id, c.name as customer_name, k.title, k.device_name, k.at, k.next_step, k.next_due_at,
    f.device_id, f.severity, f.finding_id is not null and f.closed_at is null as is_open
  from hauswart.contact k
  join hauswart.customer c on c.provider_id = k.provider_id and c.customer_id = k.customer_id
  left join hauswart.finding f on f.provider_id = k.provider_id and f.finding_id = k.finding_id
  where k.provider_id = $1 and ($2::uuid is null or k.customer_id = $2) and k.next_due_at is not null and k.next_done_at is null
  order by k.next_due_at limit $3`;

interface WaitingRow extends FindingRow {
  customer_id: Id;
  terms: unknown;
}

interface StepRow {
  contact_id: Id;
  finding_id: Id;
  customer_id: Id;
  customer_name: string;
  title: string;
  device_name: string | null;
  at: Date;
  next_step: string;
  next_due_at: Date;
  /** null: the finding is no longer kept. */
  device_id: Id | null;
  severity: DueContact["severity"] | null;
  is_open: boolean;
}

function firstContact({ services, language }: Context, calendars: Calendars, row: WaitingRow, nowMs: number): DueContact[] {
  const { contactWithinMinutes } = CustomerTerms.parse(row.terms);
  if (contactWithinMinutes === null) return [];
  const service = calendars.workingTime({ customerId: row.customer_id, siteId: row.site_id }, "service");
  const dueAtMs = service.dueMs(row.opened_at.getTime(), contactWithinMinutes * minuteMs);
  if (row.closed_at !== null && row.closed_at.getTime() < dueAtMs) return [];
  const about = { checkId: row.check_id, code: row.code, subject: row.subject };
  return [
    {
      kind: "first-contact",
      findingId: row.finding_id,
      contactId: null,
      customerId: row.customer_id,
      customerName: row.customer_name,
      deviceId: row.device_id,
      deviceName: row.device_name,
      title: findingWords(services.checks, about, row.evidence, formatFor(language, row.time_zone)).title,
      severity: row.severity,
      findingOpen: row.closed_at === null,
      since: isoTime(row.opened_at),
      dueAt: isoTime(dueAtMs),
      isOverdue: dueAtMs <= nowMs,
      nextStep: "",
    },
  ];
}

function nextStep(row: StepRow, nowMs: number): DueContact {
  return {
    kind: "next-step",
    findingId: row.finding_id,
    contactId: row.contact_id,
    customerId: row.customer_id,
    customerName: row.customer_name,
    deviceId: row.device_id,
    deviceName: row.device_name,
    title: row.title,
    severity: row.severity ?? "warning",
    findingOpen: row.is_open,
    since: isoTime(row.at),
    dueAt: isoTime(row.next_due_at),
    isOverdue: row.next_due_at.getTime() <= nowMs,
    nextStep: row.next_step,
  };
}
