/** Who hears of an order: everybody who had the alarm, each by their own way and in their own language, and somebody in the house. */
import type { Channel } from "@hauswart/protocol/api/routing.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { reachesCustomer } from "../access/require-scope.ts";
import { rightsColumns, rightsOf, type RightsRow } from "../access/rights.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { unsetOwnerEmail } from "../access/ensure-first-owner.ts";
import { narrowness } from "../mail/compose/decide.ts";
import type { Severity } from "../mail/render/mail-texts.ts";
import type { HoursAt } from "../routing/hours.ts";
import { recipientsAt } from "../routing/recipients-at.ts";
import { keyOfReader, notAbout, type Recipient, type RoutedFinding } from "../routing/rule.ts";
import { topicOf } from "../routing/topic-of.ts";
import type { RepairOrderRow } from "./order-row.ts";

export interface OrderReader {
  readonly channel: Channel;
  readonly address: string;
  /** null for an address that is no recipient: an owner, somebody who was called, or one that was taken off the list. */
  readonly recipientId: Id | null;
  readonly language: Language;
}

interface AccountRow extends RightsRow {
  account_id: Id;
  email: string;
  language: Language;
  is_disabled: boolean;
}

interface FindingRow {
  site_id: Id | null;
  check_id: string;
  severity: Severity;
}

/** Quiet hours are for alarms; who ordered wants to know that it was heard. */
const neverQuiet: HoursAt = () => ({ isOpen: () => false, nextOpenMs: () => Infinity, closesMs: (atMs) => atMs });

/**
 * Readers of the mail that the order came from, everybody else who was told, and whoever was called. Not those whose account is disabled
 * or does not reach the customer any more. Where nobody of the house is among them, because the alarm was too mild for its recipients or
 * there are none, those of them hear of it whose topic it is, else the owners: an order that only the customer knows of is not seen to.
 * The transaction must be open for the whole house.
 */
export async function readersOfOrder(
  tx: Tx,
  { services, providerId }: Pick<Context, "services" | "providerId">,
  { customer_id: customerId, finding_id, mail_id, language }: RepairOrderRow,
): Promise<OrderReader[]> {
  const known = await keysOf(tx, providerId, finding_id, mail_id);
  const [finding] = await tx.sql<FindingRow>(
    "select site_id, check_id, severity from hauswart.finding where provider_id = $1 and finding_id = $2",
    [providerId, finding_id],
  );
  const place = { customerId, siteId: finding?.site_id ?? null };
  const accounts = await tx.sql<AccountRow>(
    `select a.account_id, lower(a.email) as email, a.language, a.disabled_at is not null as is_disabled, ${rightsColumns} from hauswart.account a where a.provider_id = $1`,
    [providerId],
  );
  const byEmail = new Map(accounts.map((account) => [account.email, account]));
  const recipients = await recipientsAt(tx, providerId, place, neverQuiet, services.clock.now());
  const entriesOf = Map.groupBy(
    recipients.toSorted((one, other) => narrowness(other) - narrowness(one)),
    keyOfReader,
  );
  const called = accounts.filter(({ account_id }) => known.called.has(account_id)).map(({ email }) => email);
  const readers = [...new Set([...known.keys, ...called])].flatMap((key): (OrderReader & { readonly isOfHouse: boolean })[] => {
    const account = byEmail.get(key);
    if (account && (account.is_disabled || !reachesCustomer(rightsOf(account), customerId))) return [];
    const entries = entriesOf.get(key);
    const entry = entries?.find(({ reach }) => reachesCustomer({ customers: reach }, customerId));
    if (entry) return [{ ...entry, isOfHouse: account !== undefined || entry.customerId === null }];
    // What is neither on the list nor an address was a recipient that is gone.
    if (entries || !key.includes("@")) return [];
    return [
      { channel: "mail", address: key, recipientId: null, language: account?.language ?? language, isOfHouse: account !== undefined },
    ];
  });
  if (readers.some(({ isOfHouse }) => isOfHouse)) return readers;
  const about = finding && {
    ...place,
    checkId: finding.check_id,
    topic: topicOf(services.checks, finding.check_id),
    severity: finding.severity,
  };
  return [...readers, ...houseReaders(recipients, accounts, about)];
}

function houseReaders(
  recipients: readonly Recipient[],
  accounts: readonly AccountRow[],
  finding: RoutedFinding | undefined,
): OrderReader[] {
  const own = recipients.filter((recipient) => recipient.customerId === null && finding && notAbout(recipient, finding) === undefined);
  if (own.length > 0) return [...new Map(own.map((recipient) => [keyOfReader(recipient), recipient])).values()];
  return accounts
    .filter(({ role, is_disabled, email }) => role === "owner" && !is_disabled && email !== unsetOwnerEmail)
    .map(({ email, language }) => ({ channel: "mail", address: email, recipientId: null, language }));
}

async function keysOf(
  tx: Tx,
  providerId: Id,
  findingId: Id,
  mailId: Id,
): Promise<{ readonly keys: ReadonlySet<string>; readonly called: ReadonlySet<Id> }> {
  const rows = await tx.sql<{ key: string; is_call: boolean }>(
    `select lower(address) as key, false as is_call from hauswart.told where provider_id = $1 and finding_id = $2 and not missed
     union select lower(recipient ->> 'address'), false from hauswart.mail, jsonb_array_elements(recipients) recipient where provider_id = $1 and mail_id = $3
     union select account_id::text, true from hauswart.escalation_call where provider_id = $1 and $2 = any(finding_ids)
     order by key`,
    [providerId, findingId, mailId],
  );
  const of = (isCall: boolean) => new Set(rows.filter(({ is_call }) => is_call === isCall).map(({ key }) => key));
  return { keys: of(false), called: of(true) };
}
