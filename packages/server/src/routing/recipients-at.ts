/** Recipients that could be meant at a place, with what holds for them at a moment. */
import type { Channel } from "@hauswart/protocol/api/routing.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Topic } from "@hauswart/protocol/topics.ts";
import { unsetOwnerEmail } from "../access/ensure-first-owner.ts";
import { reachedCustomers } from "../access/rights.ts";
import type { Tx } from "../database/database.ts";
import type { Severity } from "../mail/render/mail-texts.ts";
import type { HoursAt } from "./hours.ts";
import type { Recipient } from "./rule.ts";

interface Row {
  recipient_id: Id | null;
  channel: Channel;
  address: string;
  customer_id: Id | null;
  site_id: Id | null;
  language: Language;
  from_severity: Severity;
  topics: Topic[] | null;
  checks: string[] | null;
  recoveries: boolean;
  /** null: all customers. */
  reach: Id[] | null;
  on_call_only: boolean;
  is_not_ordered: boolean;
  quiet: boolean;
  quiet_except: Severity | null;
}

const columns = `r.recipient_id, r.channel, r.address, r.customer_id, r.site_id, r.language, r.from_severity, r.topics, r.checks, r.recoveries,
  case when a.account_id is null then null when a.disabled_at is not null then '{}'::uuid[] else ${reachedCustomers} end as reach, r.on_call_only,
  coalesce(c.terms->>'alarms' = 'not-ordered', false) as is_not_ordered, r.quiet, r.quiet_except`;
const source = `hauswart.recipient r left join hauswart.customer c on c.provider_id = r.provider_id and c.customer_id = r.customer_id
  left join hauswart.account a on a.provider_id = r.provider_id and a.account_id = r.account_id`;

/**
 * Everybody who could be told of something at a place. What the server says of itself goes to all owners besides.
 * @param siteId null for findings without a site
 */
export async function recipientsAt(
  tx: Tx,
  providerId: Id,
  { customerId, siteId }: { readonly customerId: Id | null; readonly siteId: Id | null },
  quietAt: HoursAt,
  nowMs: number,
): Promise<Recipient[]> {
  const rows = await tx.sql<Row>(
    `select ${columns} from ${source}
     where r.provider_id = $1 and (r.customer_id is null or r.customer_id = $2::uuid) and (r.site_id is null or r.site_id = $3::uuid)
     union all
     select null, 'mail', email, null, null, language, 'warning', null, null, true, null, false, false, false, null from hauswart.account
     where provider_id = $1 and $2::uuid is null and role = 'owner' and disabled_at is null and email <> $4
     order by channel, address, recipient_id`,
    [providerId, customerId, siteId, unsetOwnerEmail],
  );
  return rows.map((row) => recipientFrom(row, quietAt, nowMs));
}

/** Those of a customer's other sites, who are not told of what happens here. @param siteId null: of all its sites */
export async function recipientsElsewhere(
  tx: Tx,
  providerId: Id,
  { customerId, siteId }: { readonly customerId: Id | null; readonly siteId: Id | null },
  quietAt: HoursAt,
  nowMs: number,
): Promise<Recipient[]> {
  const rows = await tx.sql<Row>(
    `select ${columns} from ${source}
     where r.provider_id = $1 and r.customer_id = $2::uuid and r.site_id is not null and r.site_id is distinct from $3::uuid
     order by r.channel, r.address, r.recipient_id`,
    [providerId, customerId, siteId],
  );
  return rows.map((row) => recipientFrom(row, quietAt, nowMs));
}

/** Recipients by their ids. */
export async function recipientsById(tx: Tx, providerId: Id, ids: readonly Id[], quietAt: HoursAt, nowMs: number): Promise<Recipient[]> {
  const rows = await tx.sql<Row>(`select ${columns} from ${source} where r.provider_id = $1 and r.recipient_id = any($2::uuid[])`, [
    providerId,
    ids,
  ]);
  return rows.map((row) => recipientFrom(row, quietAt, nowMs));
}

/** Quiet hours around the clock hold nothing for ever: the digest comes after so long. */
const longestHoldMs = 7 * 86_400_000;

function recipientFrom(row: Row, quietAt: HoursAt, nowMs: number): Recipient {
  const closesMs = row.quiet ? quietAt({ customerId: row.customer_id, siteId: row.site_id }).closesMs(nowMs) : nowMs;
  const quietUntilMs = Math.min(closesMs, nowMs + longestHoldMs);
  return {
    recipientId: row.recipient_id,
    channel: row.channel,
    address: row.address,
    customerId: row.customer_id,
    siteId: row.site_id,
    language: row.language,
    fromSeverity: row.from_severity,
    topics: row.topics,
    checks: row.checks,
    recoveries: row.recoveries,
    reach: row.reach ?? "*",
    onCallOnly: row.on_call_only,
    isNotOrdered: row.is_not_ordered,
    quietUntilMs: quietUntilMs > nowMs ? quietUntilMs : undefined,
    quietExcept: row.quiet_except,
  };
}
