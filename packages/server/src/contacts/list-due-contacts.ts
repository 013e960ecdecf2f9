import type { DueContact } from "@hauswart/protocol/api/contacts.ts";
import { CustomerTerms } from "@hauswart/protocol/api/customer-terms.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import { calendarsOf, type Calendars } from "../calendars/calendars-of.ts";
import { promisedByMs } from "../calendars/service-time.ts";
import type { Context, Verb } from "../context.ts";
import { findingColumns, findingSource, type FindingRow } from "../findings/finding-row.ts";
import { isNoDrill } from "../findings/no-drill.ts";
import { formatIn } from "../format-in.ts";
import { findingWords } from "../mail/render/finding-words.ts";
import { isoTime } from "../times.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** What was over before its contact was due needs none; what was not stays for so long, so that a missed promise is seen. */
const missedDays = 30;
/** Of first contacts, and of agreed steps. More stand on no list that somebody works off; the answer says that there are more. */
const limit = 500;

/**
 * Findings whose customer waits for the promised contact (ALM-3), and agreed steps that are not done; most urgent first. A contact keeps
 * the promise unless the finding became what it was promised for only afterwards. The time of a first contact runs from the moment at which somebody was told of what it was promised for: what a cause or a maintenance window holds
 * back is no alarm yet. Errors: FORBIDDEN.
 */
export async function listDueContacts({ ctx, input }: Verb<Input<"listDueContacts">>): Promise<Result<"listDueContacts">> {
  requireScope(ctx, "findings:read");
  const nowMs = ctx.services.clock.now();
  const calendars = await calendarsOf(ctx.services, ctx.providerId);
  const [waiting, steps] = await ctx.services.database.transaction(ctx, (tx) =>
    Promise.all([
      tx.sql<WaitingRow>(waitingFindings, [ctx.providerId, input.customerId ?? null, isoTime(nowMs - missedDays * dayMs), limit + 1]),
      tx.sql<StepRow>(openSteps, [ctx.providerId, input.customerId ?? null, limit + 1]),
    ]),
  );
  const items = [
    ...waiting.slice(0, limit).flatMap((row) => firstContact(ctx, calendars, row, nowMs)),
    ...steps.slice(0, limit).map((row) => nextStep(row, nowMs)),
  ].toSorted((one, other) => one.dueAt.localeCompare(other.dueAt));
  return { items, isCut: waiting.length > limit || steps.length > limit };
}

/** Events of the finding `f`. */
const eventsOfFinding = "from hauswart.finding_event e where e.provider_id = f.provider_id and e.finding_id = f.finding_id and e.kind";

/**
 * `told.at`: when somebody was first told of the finding at the severity for which contact is promised; null while nobody was. A warning
 * that became a failure counts from the change, and where that was held back, from the end of the hold.
 */
const toldOf = `
  left join lateral (select min(e.at) as at ${eventsOfFinding} in ('opened', 'changed') and e.severity = 'failure') worse on true
  left join lateral (select e.at, e.kind ${eventsOfFinding} in ('held', 'released') and e.at <= worse.at
    order by e.at desc, e.finding_event_id desc limit 1) hold on true
  left join lateral (select min(e.at) as at ${eventsOfFinding} = 'released' and e.at > hold.at) release on true
  cross join lateral (select case
    when c.terms ->> 'contactFrom' = 'warning' or worse.at is null then f.noticed_at
    when hold.kind is distinct from 'held' then greatest(f.noticed_at, worse.at)
    when release.at is not null then greatest(f.noticed_at, release.at) end as at) told`;

/**
 * A word about the warning is none about the failure that it became. Who rang up before the finding was opened was spoken to about it all
 * the same, and people write down the minute of a call.
 */
const keepsPromise = `(c.terms ->> 'contactFrom' = 'warning' or worse.at is null or worse.at <= f.opened_at or k.at >= date_trunc('minute', worse.at))`;

/**
 * $1 provider, $2 customer or null, $3 the moment before which closed findings are past, $4 limit. What still is broken comes first, so
 * that what is over never crowds it out. Service time is never earlier than the clock: what was over by the clock needs no calendar.
 */
const waitingFindings = `
  select ${findingColumns}, c.terms, told.at as told_at ${findingSource} ${toldOf}
  where f.provider_id = $1 and ($2::uuid is null or f.customer_id = $2) and ${isNoDrill("f")} and f.noticed_at is not null and told.at is not null
    and jsonb_typeof(c.terms -> 'contactWithinMinutes') = 'number' and (f.severity = 'failure' or c.terms ->> 'contactFrom' = 'warning')
    and (f.closed_at is null
      or (f.closed_at > $3::timestamptz and f.closed_at >= told.at + (c.terms ->> 'contactWithinMinutes')::int * interval '1 minute'))
    and not exists (select from hauswart.contact k where k.provider_id = f.provider_id and k.finding_id = f.finding_id and k.reached and ${keepsPromise})
  order by case when f.closed_at is null then told.at end nulls last, f.closed_at desc, f.finding_id limit $4`;

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
  told_at: Date;
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
  const dueAtMs = promisedByMs(service, row.told_at.getTime(), contactWithinMinutes * minuteMs);
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
      title: findingWords(services.checks, about, row.evidence, formatIn(language, row.time_zone)).title,
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
