/**
 * Links that let somebody in (invitation, new password) stand in a mail's text only while it is being sent. What is stored and
 * what the outbox shows has this mark in its place: whoever may read mails must not get into other people's accounts by it. The
 * link itself waits beside the text, sealed.
 */
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { SealedPlace } from "../secrets/sealed-box.ts";

/** An address that leads nowhere (RFC 2606). Marks of other links begin with it (action-links.ts). */
export const accessLinkMark = "https://access-link.invalid/";
/** What follows it in the marks of other links: their action. */
const alone = new RegExp(`${RegExp.escape(accessLinkMark)}(?![a-z])`);
const anyMark = new RegExp(`${RegExp.escape(accessLinkMark)}[a-z0-9/-]*`, "g");
const anyReference = new RegExp(` href="${anyMark.source}"`, "g");

const instead: Readonly<Record<Language, string>> = {
  de: "[Der Link steht nur in der Mail selbst.]",
  en: "[The link is only in the mail itself.]",
};

/** Where the sealed link of a mail stands. */
export function accessLinkPlace(providerId: Id, mailId: Id): SealedPlace {
  return { table: "mail", row: `${providerId}/${mailId}` };
}

/** Whether a text has a link that lets somebody in; links that act can be made anew, this one cannot. */
export const hasAccessLink = (body: string): boolean => alone.test(body);

/**
 * Text from outside without the mark: a host or service can be named as somebody likes, and must not come out of the mail as a link of
 * ours. The dots that stand instead keep what is around it from becoming a mark in turn.
 */
export const withoutMarks = (text: string): string => text.replaceAll(accessLinkMark, "…");

/** A mail's text or HTML as it may be shown. */
export function withoutAccessLink(body: string, language: Language): string {
  return body.replace(anyReference, "").replace(anyMark, instead[language]);
}
