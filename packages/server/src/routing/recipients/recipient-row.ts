/** Recipients as the database keeps them and as the API shows them. */
import type { Channel, Recipient, Unreachable } from "@hauswart/protocol/api/routing.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Topic } from "@hauswart/protocol/topics.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { presentUnreachable } from "../../mail/reports/unreachable.ts";
import type { Severity } from "../../mail/render/mail-texts.ts";

export interface RecipientRow {
  recipient_id: Id;
  revision: number;
  customer_id: Id | null;
  site_id: Id | null;
  channel: Channel;
  account_id: Id | null;
  /** What is shown; of a Teams workflow its host and a mark, because its whole address lets anybody post. */
  address: string;
  language: Language;
  from_severity: Severity;
  topics: Topic[] | null;
  checks: string[] | null;
  recoveries: boolean;
  quiet: boolean;
  quiet_except: Severity | null;
  on_call_only: boolean;
  has_secret: boolean;
  unreachable: Unreachable | null;
}

export const recipientColumns =
  "recipient_id, revision, customer_id, site_id, channel, account_id, address, language, from_severity, topics, checks, recoveries, quiet, quiet_except, on_call_only, secret is not null as has_secret, unreachable";

/** One recipient within the actor's reach. Errors: NOT_FOUND. */
export async function readRecipient(
  tx: Tx,
  { providerId }: Pick<Context, "providerId">,
  recipientId: Id,
  lock: "for update" | "" = "",
): Promise<RecipientRow> {
  const [row] = await tx.sql<RecipientRow>(
    `select ${recipientColumns} from hauswart.recipient where provider_id = $1 and recipient_id = $2 ${lock}`,
    [providerId, recipientId],
  );
  if (!row) throw new HauswartError("NOT_FOUND");
  return row;
}

/** What a person of the house is told by. */
export async function recipientsOf(tx: Tx, { providerId }: Pick<Context, "providerId">, accountId: Id): Promise<RecipientRow[]> {
  return tx.sql<RecipientRow>(
    `select ${recipientColumns} from hauswart.recipient where provider_id = $1 and account_id = $2 order by recipient_id for update`,
    [providerId, accountId],
  );
}

export function presentRecipient(row: RecipientRow): Recipient {
  return {
    recipientId: row.recipient_id,
    revision: row.revision,
    customerId: row.customer_id,
    siteId: row.site_id,
    channel: row.channel,
    accountId: row.account_id,
    address: row.address,
    language: row.language,
    fromSeverity: row.from_severity,
    topics: row.topics,
    checks: row.checks,
    recoveries: row.recoveries,
    quiet: row.quiet,
    quietExcept: row.quiet_except,
    onCallOnly: row.on_call_only,
    hasToken: row.channel === "ntfy" && row.has_secret,
    unreachable: row.unreachable && presentUnreachable(row.unreachable),
  };
}
