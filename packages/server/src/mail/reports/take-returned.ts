/** A mail that came back from some of its readers, whether its report is read now or was there before the mail server's answer. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import type { RoutingHours } from "../../routing/hours.ts";
import type { MailRecipientState } from "../outbox/attempt.ts";
import type { Reported } from "./apply-report.ts";
import { callWrittenAt, notArrived, type NotArrived } from "./not-arrived.ts";
import { markUnreachable } from "./unreachable.ts";

/** What of a mail says whom and what it was about. */
export interface MailAboutFindings {
  readonly mail_id: Id;
  readonly finding_ids: readonly Id[];
  readonly created_at: Date;
  readonly text_body: string;
}

export const wordsOf = ({ report }: Reported) => report.words || (report.status ?? "");

/** @param recipients all of the mail, as they are now */
export async function takeReturned(
  tx: Tx,
  ctx: Context,
  mail: MailAboutFindings,
  returned: readonly Reported[],
  recipients: readonly MailRecipientState[],
  hours: RoutingHours,
): Promise<void> {
  const missed: NotArrived = {
    messageIds: [mail.mail_id],
    readerKeys: returned.map(({ address }) => address.toLowerCase()),
    findingIds: mail.finding_ids,
    notes: ({ cameBack }) => returned.map((one) => cameBack(one.address, wordsOf(one))),
    callWrittenAt: isGone(recipients) ? callWrittenAt(mail) : undefined,
  };
  const untold = await notArrived(tx, ctx, missed, hours);
  const said = returned.map((one) => ({ address: one.address, reason: wordsOf(one), at: one.report.at }));
  await markUnreachable(tx, ctx.providerId, "returned", said, untold.length);
}

/** Nobody has the mail any more. */
export const isGone = (recipients: readonly MailRecipientState[]): boolean =>
  recipients.every(({ state }) => state === "returned" || state === "refused");
