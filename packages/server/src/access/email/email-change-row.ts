/**
 * A change of an account's e-mail address. Whoever holds the mailbox gets links for a new password, so a change needs three: a
 * fresh proof of who asks, the link in the mail to the new address, and no objection from the old one.
 *
 *   asked for ──link from the new address──▶ confirmed ──link from the old address──▶ undone
 *       └────taken back, asked for anew, or objected to──▶ dropped
 */
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../../database/database.ts";
import { hashOfToken } from "../tokens.ts";
import type { Language } from "@hauswart/protocol/format.ts";

/** The new address can be confirmed for so long. */
export const confirmLifeMs = 24 * 3_600_000;
/** The old address can object for so long after the change was asked for, confirmed or not. */
export const objectionLifeMs = 7 * 24 * 3_600_000;
/** More changes than this an account cannot ask for within an hour: each writes to an address that is not known to be one's own. */
export const mostChangesAnHour = 3;

export interface EmailChangeRow {
  provider_id: Id;
  email_change_id: Id;
  account_id: Id;
  old_email: string;
  new_email: string;
  created_at: Date;
  confirmed_at: Date | null;
  /** Of the account as it is now. */
  email: string;
  language: Language;
}

const links = {
  confirm: "c.confirm_hash = $1 and c.confirm_until > $2 and c.confirmed_at is null and c.dropped_at is null",
  objection: "c.objection_hash = $1 and c.object_until > $2 and c.objected_at is null",
} as const;

/**
 * The change that a link belongs to, locked, so that two clicks at once act one after the other. Nobody is known yet: without a
 * tenant. Errors: LINK_INVALID.
 */
export async function changeOfLink(tx: Tx, kind: keyof typeof links, token: string, now: string): Promise<EmailChangeRow> {
  const [row] = await tx.sql<EmailChangeRow>(
    `select c.provider_id, c.email_change_id, c.account_id, c.old_email, c.new_email, c.created_at, c.confirmed_at, a.email, a.language
     from hauswart.email_change c join hauswart.account a on a.provider_id = c.provider_id and a.account_id = c.account_id
     where ${links[kind]} and a.disabled_at is null for update of a, c`,
    [hashOfToken(token), now],
  );
  if (!row) throw new HauswartError("LINK_INVALID");
  return row;
}

/** Nothing that waits can be confirmed any more. @returns whether something waited */
export async function dropWaiting(tx: Tx, providerId: Id, accountId: Id, now: string): Promise<boolean> {
  const dropped = await tx.sql(
    `update hauswart.email_change set dropped_at = $3
     where provider_id = $1 and account_id = $2 and confirmed_at is null and dropped_at is null and confirm_until > $3 returning 1`,
    [providerId, accountId, now],
  );
  return dropped.length > 0;
}
