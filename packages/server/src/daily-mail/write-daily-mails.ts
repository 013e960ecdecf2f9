/** Writes the daily mails of critical events that are due (ALM-4). */
import { CustomerTerms } from "@hauswart/protocol/api/customer-terms.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { serverCheckId } from "@hauswart/protocol/server-findings.ts";
import { systemContext, type Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { merged, readAvailability, type Availability, type Span } from "../presence/availability.ts";
import { overviewOfDevices } from "../devices/overview-devices.ts";
import { isNoDrill } from "../findings/no-drill.ts";
import { writeMail } from "../mail/write-mail.ts";
import type { Services } from "../services.ts";
import { readProviderSettings } from "../tenancy/provider-settings.ts";
import { isoTime } from "../times.ts";
import { dueDailyMail, type DueDailyMail } from "./due.ts";
import { readFailures } from "./read-failures.ts";
import { dailyCounts, renderDaily, type DailyAbout } from "./render-daily.ts";

interface CustomerRow {
  provider_id: Id;
  customer_id: Id;
  name: string;
  time_zone: string;
  terms: unknown;
  last_day: string | null;
  last_due_at_ms: number | null;
}

/** A customer whose mail is due. */
interface Due extends DueDailyMail {
  readonly customer: CustomerRow;
  readonly at: string;
  readonly recipients: NonNullable<CustomerTerms["dailyMail"]>["recipients"];
}

/** After an outage of ours agents return within two minutes and then send what they kept; before that all evidence is old. */
const catchUpMs = 5 * 60_000;
/** A restart is over before anybody misses it. */
const shortestAwayMs = 5 * 60_000;

/** Over all providers. Customers do not wait for each other's troubles. @returns how many mails were written */
export async function writeDailyMails(services: Services): Promise<number> {
  const nowMs = services.clock.now();
  const { availability, customers } = await services.database.unwalled("daily mails that may be due", async (tx) => ({
    availability: await readAvailability(tx, nowMs),
    customers: await tx.sql<CustomerRow>(
      `select c.provider_id, c.customer_id, c.name, coalesce(c.time_zone, p.time_zone) as time_zone, c.terms, last.day::text as last_day,
         (extract(epoch from last.due_at) * 1000)::float8 as last_due_at_ms
       from hauswart.customer c
       join hauswart.provider p on p.provider_id = c.provider_id
       left join lateral (select day, due_at from hauswart.daily_mail m where m.provider_id = c.provider_id and m.customer_id = c.customer_id order by day desc limit 1) last on true
       where jsonb_typeof(c.terms -> 'dailyMail') = 'object'`,
    ),
  }));
  if (nowMs < availability.upSinceMs + catchUpMs) return 0;
  let written = 0;
  const failures: unknown[] = [];
  for (const customer of customers) {
    try {
      const due = dueFor(customer, nowMs);
      if (due) written += await writeOne(services, due, availability);
    } catch (error) {
      services.log.error("a daily mail could not be written; it will be tried again", { customerId: customer.customer_id, error });
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new Error(`${failures.length} daily mails could not be written.`, { cause: failures[0] });
  return written;
}

function dueFor(customer: CustomerRow, nowMs: number): Due | undefined {
  const { dailyMail } = CustomerTerms.parse(customer.terms);
  if (!dailyMail) return undefined;
  const last = customer.last_day === null ? undefined : { day: customer.last_day, dueAtMs: customer.last_due_at_ms ?? 0 };
  const due = dueDailyMail(dailyMail.at, customer.time_zone, last, nowMs);
  return due && { ...due, ...dailyMail, customer };
}

/** One transaction: the day is told and noted as told, or neither. Of several processes one writes. */
async function writeOne(services: Services, due: Due, availability: Availability): Promise<number> {
  const { provider_id: providerId, customer_id: customerId } = due.customer;
  const ctx = systemContext(services, providerId, "daily-mail");
  return services.database.transaction(ctx, async (tx) => {
    const [taken] = await tx.sql<{ one: number }>(
      `insert into hauswart.daily_mail (provider_id, customer_id, day, due_at, written_at, told, mail_ids)
       values ($1, $2, $3::date, $4, $5, '{}', '{}') on conflict do nothing returning 1 as one`,
      [providerId, customerId, due.day, isoTime(due.dueAtMs), isoTime(services.clock.now())],
    );
    if (!taken) return 0;
    const provider = await readProviderSettings(tx, ctx);
    const about = { ...(await gather(tx, ctx, due, provider.name)), away: await awayTimes(tx, ctx, due, availability) };
    const mailIds: Id[] = [];
    for (const { address, language } of due.recipients) {
      const content = renderDaily(services.checks, { ...about, language });
      const headers = { "List-Unsubscribe": `<mailto:${bareAddress(provider.mailFrom)}?subject=unsubscribe>` };
      const { mailId } = await writeMail(tx, ctx, provider, { address, language, customerId, content, headers });
      mailIds.push(mailId);
    }
    await tx.sql(
      "update hauswart.daily_mail set told = $4::text::jsonb, mail_ids = $5::uuid[] where provider_id = $1 and customer_id = $2 and day = $3::date",
      [
        providerId,
        customerId,
        due.day,
        JSON.stringify({ fromMs: due.fromMs, ...dailyCounts({ ...about, language: "de" }), away: about.away }),
        mailIds,
      ],
    );
    return mailIds.length;
  });
}

/** `address` or `Name <address>` */
const bareAddress = (from: string) => /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from;

async function gather(tx: Tx, ctx: Context, due: Due, providerName: string): Promise<Omit<DailyAbout, "language" | "away">> {
  const { customer, fromMs, dueAtMs, at } = due;
  const failures = await readFailures(tx, ctx.providerId, customer.customer_id, due);
  const [[warnings], { devices, unknown }] = await Promise.all([
    tx.sql<{ count: number }>(
      `select count(*)::int as count from hauswart.finding f where f.provider_id = $1 and f.customer_id = $2 and f.severity = 'warning' and f.closed_at is null
         and f.finding_id <> all ($3::uuid[]) and ${isNoDrill("f")}`,
      [ctx.providerId, customer.customer_id, failures.failures.map(({ findingId }) => findingId)],
    ),
    overviewOfDevices(tx, ctx, customer.customer_id),
  ]);
  return {
    timeZone: customer.time_zone,
    providerName,
    customerName: customer.name,
    customerId: customer.customer_id,
    consoleUrl: ctx.services.settings.url,
    at,
    fromMs,
    dueAtMs,
    ...failures,
    openWarnings: warnings?.count ?? 0,
    measured: devices.measured,
    total: devices.total,
    notMeasured: unknown.slice(0, devices.notMeasured).map(({ deviceName }) => deviceName),
  };
}

/** When this server did not run, and when agents did not reach it through its line; up to now, because the mail waits for both. */
async function awayTimes(tx: Tx, { services, providerId }: Context, { fromMs }: Due, availability: Availability): Promise<Span[]> {
  const nowMs = services.clock.now();
  const rows = await tx.sql<{ opened_at: Date; closed_at: Date | null }>(
    `select opened_at, closed_at from hauswart.finding
     where provider_id = $1 and customer_id is null and check_id = $2 and code = 'agents-lost' and (closed_at is null or closed_at > $3::timestamptz)`,
    [providerId, serverCheckId, isoTime(fromMs)],
  );
  const unreached = rows.map(({ opened_at, closed_at }): Span => ({
    from: Math.max(fromMs, opened_at.getTime()),
    until: closed_at?.getTime() ?? nowMs,
  }));
  return merged([...availability.downWithin(fromMs, nowMs), ...unreached]).filter(({ from, until }) => until - from >= shortestAwayMs);
}
