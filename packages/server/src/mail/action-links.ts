/**
 * Links in mails by which a reader does one thing without signing in: order a repair, confirm a drill, judge an alarm. What is stored and what the
 * outbox shows has a mark in a link's place, because whoever may read mails must not be able to act for the customer; the link
 * itself is made when the mail leaves. Its token is sealed with the master key, so it can be neither forged nor read, holds for one
 * purpose and ends. That it acts once is up to what it does: the row that it writes is unique.
 *
 * Opening a link shows a page; only a press there acts, so programs that follow the links of mails do nothing.
 */
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { SealedValueError, type SealedBox } from "../secrets/sealed-box.ts";
import { accessLinkMark } from "./access-link.ts";

/** What a link does, and the console's page that asks before it does. */
const pages = {
  "repair-order": "order",
  acknowledge: "acknowledge",
  "end-digest": "digest",
  "alarm-drill": "drill",
  verdict: "verdict",
} as const;

export type MailAction = keyof typeof pages;

export interface ActionLink {
  readonly action: MailAction;
  readonly providerId: Id;
  /** The mail that brought it. */
  readonly mailId: Id;
  /** What it is about; a finding, for one. */
  readonly subjectId: Id;
}

/** A link is good for so long after its mail was written. */
export const actionLinkLifeMs = 14 * 24 * 3_600_000;

const idBytes = 16;
const tokenBytes = 3 * idBytes + 6;
const placeOf = (action: MailAction) => ({ table: "mail", row: `action/${action}` });
const marks = new RegExp(`${RegExp.escape(accessLinkMark)}(${Object.keys(pages).join("|")})/([0-9a-f-]{36})`, "g");

/** Stands for a link in a mail's text until it leaves. */
export const actionLinkMark = (action: MailAction, subjectId: Id): string => `${accessLinkMark}${action}/${subjectId}`;

export interface LinkingMail {
  readonly providerId: Id;
  readonly mailId: Id;
  /** Unix milliseconds; a link's life begins here, so a mail that is sent again brings no longer one. */
  readonly createdAtMs: number;
}

/** A mail's text or HTML as it leaves. @param url the console's, without a slash at its end */
export function withActionLinks(body: string, mail: LinkingMail, secrets: SealedBox, url: string): string {
  return body.replace(marks, (_, action: MailAction, subjectId: Id) => {
    const link = { action, providerId: mail.providerId, mailId: mail.mailId, subjectId };
    return `${url}/${pages[action]}#token=${actionToken(link, mail.createdAtMs + actionLinkLifeMs, secrets)}`;
  });
}

function actionToken({ action, providerId, mailId, subjectId }: ActionLink, endsAtMs: number, secrets: SealedBox): string {
  const plain = Buffer.alloc(tokenBytes);
  for (const [index, id] of [providerId, mailId, subjectId].entries()) plain.write(id.replaceAll("-", ""), index * idBytes, "hex");
  plain.writeUIntBE(endsAtMs, 3 * idBytes, 6);
  return secrets.seal(plain, placeOf(action)).toString("base64url");
}

/** What a token is for. Errors: LINK_INVALID (for something else, altered, of another key, run out). */
export function openActionToken(token: string, action: MailAction, secrets: SealedBox, nowMs: number): ActionLink {
  const plain = openedToken(token, action, secrets);
  if (plain.byteLength !== tokenBytes || plain.readUIntBE(3 * idBytes, 6) <= nowMs) throw new HauswartError("LINK_INVALID");
  const id = (index: number) =>
    plain.toString("hex", index * idBytes, (index + 1) * idBytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  return { action, providerId: id(0), mailId: id(1), subjectId: id(2) };
}

function openedToken(token: string, action: MailAction, secrets: SealedBox): Buffer {
  try {
    return secrets.open(Buffer.from(token, "base64url"), placeOf(action));
  } catch (error) {
    if (error instanceof SealedValueError) throw new HauswartError("LINK_INVALID");
    throw error;
  }
}
