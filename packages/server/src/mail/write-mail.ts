/** Mails that are not gathered from findings: each is written into the outbox by itself and goes the way of all others. */
import type { Language } from "@hauswart/protocol/format.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import type { Settings as ProviderSettings } from "../tenancy/provider-settings.ts";
import { insertMail, noSite } from "./compose/store.ts";
import { mailHeaders, messageDomain, messageIdOf } from "./compose/threads.ts";
import type { RenderedMail } from "./render/render-mail.ts";

export interface SingleMail {
  readonly address: string;
  readonly language: Language;
  /** null: the mail belongs to the provider; the transaction must then be open for all customers. */
  readonly customerId: Id | null;
  readonly content: RenderedMail;
  /** Besides those that every mail has. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface WrittenMail {
  readonly mailId: Id;
  /** Without a mail server it is only kept. */
  readonly isQueued: boolean;
}

/** Stores the mail, and wakes the sender once the transaction is committed. */
export async function writeMail(
  tx: Tx,
  { services, providerId }: { readonly services: Services; readonly providerId: Id },
  { mailFrom }: Pick<ProviderSettings, "mailFrom">,
  { address, language, customerId, content, headers }: SingleMail,
): Promise<WrittenMail> {
  const { settings, clock, bus } = services;
  const nowMs = clock.now();
  const mailId = newId(nowMs);
  const domain = messageDomain(mailFrom, settings.url);
  const isQueued = settings.smtpUrl !== undefined;
  const mail = {
    mailId,
    messageId: messageIdOf(mailId, domain),
    addresses: [address],
    headers: { ...mailHeaders([], [], domain, language), ...headers },
    findingIds: [],
    ...content,
  };
  const place = { customerId, siteId: noSite };
  await insertMail(tx, providerId, place, mail, isQueued ? "queued" : "kept", nowMs);
  if (isQueued) tx.afterCommit(() => bus.publish("mail-queued", { providerId }));
  return { mailId, isQueued };
}
