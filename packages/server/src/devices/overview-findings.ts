/** The overview's figures about findings and mails. */
import type { Overview } from "@hauswart/protocol/api/models.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { z } from "zod";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { findingColumns, findingSource, findingsFrom, isAcknowledged, presentFinding, type FindingRow } from "../findings/finding-row.ts";
import { isNoDrill } from "../findings/no-drill.ts";
import { isStuck, stuckAfterMs } from "../mail/stuck-mails.ts";
import { isoTime } from "../times.ts";

type OverviewShape = z.infer<typeof Overview>;

interface BrokenRow {
  /** null for findings about the server itself. */
  customer_id: Id | null;
  customer_name: string;
  warning: number;
  failure: number;
  acknowledged: number;
  maintenance: number;
  cause: number;
  affected: number;
  oldest: Date | null;
}

/** Findings that changed are shown up to this many; the list of findings has them all. */
const mostChanged = 100;
/** What changed since then, when the reader does not say since when. */
const usualSpanMs = 24 * 3_600_000;

/** Open findings by customer (worst first: failures, people affected, age) and in sum, and what changed. */
export async function overviewOfFindings(
  tx: Tx,
  ctx: Context,
  { customerId, since }: { customerId?: Id; since?: string },
): Promise<Pick<OverviewShape, "findings" | "broken" | "changed" | "promised">> {
  const nowMs = ctx.services.clock.now();
  const rows = await tx.sql<BrokenRow>(
    `select f.customer_id, coalesce(c.name, p.name) as customer_name,
       count(*) filter (where f.severity = 'warning' and not ack)::int as warning, count(*) filter (where f.severity = 'failure' and not ack)::int as failure,
       count(*) filter (where ack)::int as acknowledged, count(*) filter (where f.hold_kind = 'maintenance')::int as maintenance,
       count(*) filter (where f.hold_kind = 'cause')::int as cause, count(distinct f.device_id) filter (where not ack)::int as affected, min(f.opened_at) filter (where not ack) as oldest
     from (select f.*, ${isAcknowledged("$2")} as ack from hauswart.finding f where f.provider_id = $1 and f.closed_at is null and ${isNoDrill("f")} and ($3::uuid is null or f.customer_id = $3)) f
     join hauswart.provider p on p.provider_id = f.provider_id
     left join hauswart.customer c on c.provider_id = f.provider_id and c.customer_id = f.customer_id
     group by f.customer_id, c.name, p.name
     order by failure desc, affected desc, oldest`,
    [ctx.providerId, isoTime(nowMs), customerId ?? null],
  );
  const sum = (field: "warning" | "failure" | "acknowledged" | "maintenance" | "cause") =>
    rows.reduce((total, row) => total + row[field], 0);
  return {
    findings: {
      warning: sum("warning"),
      failure: sum("failure"),
      acknowledged: sum("acknowledged"),
      held: { maintenance: sum("maintenance"), cause: sum("cause") },
    },
    broken: rows.flatMap(({ customer_id, customer_name, warning, failure, affected, oldest }) =>
      oldest
        ? [
            {
              customerId: customer_id,
              customerName: customer_name,
              warning,
              failure,
              affectedDevices: affected,
              oldestOpenedAt: isoTime(oldest),
            },
          ]
        : [],
    ),
    changed: await changedSince(tx, ctx, customerId, since === undefined ? nowMs - usualSpanMs : Date.parse(since)),
    promised: await promisedToday(tx, ctx, customerId),
  };
}

/** The index has the newest; their names are looked up afterwards, however many a bad day has. */
const newestChanges = `select ${findingColumns} ${findingsFrom(`(
    select * from hauswart.finding n where n.provider_id = $1 and n.changed_at >= $2 and ($3::uuid is null or n.customer_id = $3)
    order by n.changed_at desc, n.finding_id limit ${mostChanged})`)}
  order by f.changed_at desc, f.finding_id`;

async function changedSince(tx: Tx, ctx: Context, customerId: Id | undefined, sinceMs: number): Promise<OverviewShape["changed"]> {
  const rows = await tx.sql<FindingRow>(newestChanges, [ctx.providerId, isoTime(sinceMs), customerId ?? null]);
  return rows.map((row) => presentFinding(row, ctx.services.clock.now()));
}

/** Acknowledgements that end before midnight where the provider is: somebody wanted to have it done by then. */
async function promisedToday(tx: Tx, ctx: Context, customerId: Id | undefined): Promise<OverviewShape["promised"]> {
  const nowMs = ctx.services.clock.now();
  const [midnight] = await tx.sql<{ until: Date }>(
    "select (date_trunc('day', $2::timestamptz at time zone time_zone) + interval '1 day') at time zone time_zone as until from hauswart.provider where provider_id = $1",
    [ctx.providerId, isoTime(nowMs)],
  );
  const until = isoTime(midnight?.until ?? nowMs);
  const rows = await tx.sql<FindingRow & { total: number }>(
    `select ${findingColumns}, (count(*) over ())::int as total ${findingSource}
     where f.provider_id = $1 and f.closed_at is null and ${isAcknowledged("$2")} and f.acknowledged_until <= $3 and ($4::uuid is null or f.customer_id = $4)
     order by f.acknowledged_until, f.finding_id limit $5`,
    [ctx.providerId, isoTime(nowMs), until, customerId ?? null, mostChanged],
  );
  return { until, total: rows[0]?.total ?? 0, findings: rows.map((row) => presentFinding(row, nowMs)) };
}

/** Mails that have waited too long, whatever keeps them, and mails that are only kept because there is no mail server. */
export async function overviewOfMails(tx: Tx, ctx: Context): Promise<{ mailStuck: number; mailKept: number }> {
  const [row] = await tx.sql<{ stuck: number; kept: number }>(
    `select count(*) filter (where ${isStuck("$2")})::int as stuck, count(*) filter (where state = 'kept')::int as kept
     from hauswart.mail where provider_id = $1 and state in ('queued', 'kept')`,
    [ctx.providerId, isoTime(ctx.services.clock.now() - stuckAfterMs)],
  );
  return { mailStuck: row?.stuck ?? 0, mailKept: row?.kept ?? 0 };
}
