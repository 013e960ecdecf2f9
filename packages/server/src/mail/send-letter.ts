/** Mails to one person about their own access: they go through the outbox like every other. */
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { announce } from "../announce.ts";
import type { Tx } from "../database/database.ts";
import { formatIn } from "../format-in.ts";
import type { Services } from "../services.ts";
import { readProviderSettings } from "../tenancy/provider-settings.ts";
import { accessLinkMark, accessLinkPlace } from "./access-link.ts";
import type { Letter } from "./render/letter-texts.ts";
import { renderLetter } from "./render/render-letter.ts";
import { writeMail } from "./write-mail.ts";

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
  const provider = await readProviderSettings(tx, { services, providerId });
  const content = renderLetter({
    language,
    format: formatIn(language, provider.timeZone),
    providerName: provider.name,
    letter,
    link: accessLink === undefined ? `${services.settings.url}/` : accessLinkMark,
  });
  const { mailId, isQueued } = await writeMail(tx, { services, providerId }, provider, { address, language, customerId: null, content });
  if (isQueued && accessLink !== undefined)
    await tx.sql("update hauswart.mail set access_link = $3 where provider_id = $1 and mail_id = $2", [
      providerId,
      mailId,
      services.secrets.seal(Buffer.from(accessLink, "utf8"), accessLinkPlace(providerId, mailId)),
    ]);
  announce(tx, { services, providerId }, { kind: "outbox", id: mailId, customerId: null, change: "created" });
  return isQueued;
}
