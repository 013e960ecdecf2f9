/** Mails to one person about their own access: they go through the outbox like every other. */
import { formatFor, type Language } from "@hauswart/protocol/format.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { announce } from "../announce.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { readProviderSettings } from "../tenancy/provider-settings.ts";
import { accessLinkMark, accessLinkPlace } from "./access-link.ts";
import { insertMail, noSite } from "./compose/store.ts";
import { mailHeaders, messageDomain, messageIdOf } from "./compose/threads.ts";
import type { Letter } from "./render/letter-texts.ts";
import { renderLetter } from "./render/render-letter.ts";

export interface LetterTo {
  readonly address: string;
  readonly language: Language;
  readonly letter: Letter;
  /** Lets whoever has it in; undefined for a letter that only tells something. */
  readonly accessLink?: string;
}

/**
 * Writes the letter into the outbox. The transaction must be open for all customers: the mail belongs to the provider.
 * @returns whether it will be sent; without a mail server it is only kept, and its link is lost with it
 */
export async function sendLetter(
  tx: Tx,
  { services, providerId }: { services: Services; providerId: Id },
  { address, language, letter, accessLink }: LetterTo,
): Promise<boolean> {
  const { settings, clock, secrets } = services;
  const nowMs = clock.now();
  const provider = await readProviderSettings(tx, { services, providerId });
  const mailId = newId(nowMs);
  const domain = messageDomain(provider.mailFrom, settings.url);
  const mail = {
    mailId,
    messageId: messageIdOf(mailId, domain),
    addresses: [address],
    headers: mailHeaders([], [], domain, language),
    findingIds: [],
    ...renderLetter({
      language,
      format: formatFor(language, provider.timeZone),
      providerName: provider.name,
      letter,
      link: accessLink === undefined ? `${settings.url}/` : accessLinkMark,
    }),
  };
  const isSent = settings.smtpUrl !== undefined;
  await insertMail(tx, providerId, { customerId: null, siteId: noSite, lastMailAtMs: undefined }, mail, isSent ? "queued" : "kept", nowMs);
  if (isSent && accessLink !== undefined)
    await tx.sql("update hauswart.mail set access_link = $3 where provider_id = $1 and mail_id = $2", [
      providerId,
      mailId,
      secrets.seal(Buffer.from(accessLink, "utf8"), accessLinkPlace(providerId, mailId)),
    ]);
  announce(tx, { services, providerId }, { kind: "outbox", id: mailId, customerId: null, change: "created" });
  if (isSent) tx.afterCommit(() => services.bus.publish("mail-queued", { providerId }));
  return isSent;
}
