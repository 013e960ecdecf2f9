/** Letters into the outboxes: mails, and deliveries of the other channels. All of it in the transaction of whoever decided. */
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import type { HttpChannelName } from "../../channels/channel.ts";
import { httpChannels } from "../../channels/channels.ts";
import { messageOf } from "../../channels/message-of.ts";
import { insertDeliveries, type NewDelivery } from "../../channels/outbox/deliver.ts";
import type { Tx } from "../../database/database.ts";
import type { Services } from "../../services.ts";
import type { MailAbout, MailModel } from "../render/mail-model.ts";
import { renderModel } from "../render/render-mail.ts";
import type { Letter, LetterReader } from "./decide.ts";
import { modelOf, type Material } from "./material.ts";
import * as store from "./store.ts";
import { mailHeaders, messageDomain, messageIdOf } from "./threads.ts";

/** What each reader was told by, for their memory and for the findings' history. */
export interface Written {
  readonly letter: Letter;
  /** By the reader's key. */
  readonly messages: ReadonlyMap<string, { readonly id: Id; readonly messageId: string }>;
}

export interface LettersOptions {
  readonly place: Pick<store.Place, "customerId" | "siteId">;
  readonly more?: (letter: Letter) => Pick<MailAbout, "lead" | "reason">;
  /** Headers besides those that every mail has. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Stores the letters and wakes those who send them once the transaction is committed. */
export async function writeLetters(
  tx: Tx,
  services: Services,
  providerId: Id,
  material: Material,
  letters: readonly Letter[],
  options: LettersOptions,
): Promise<Written[]> {
  const written = [];
  for (const letter of letters) {
    const model = modelOf(services, material, letter, options.more?.(letter));
    const write = letter.channel === "mail" ? writeMailLetter : writeDeliveries;
    written.push({ letter, messages: await write(tx, services, providerId, material, letter, model, options) });
  }
  return written;
}

async function writeMailLetter(
  tx: Tx,
  services: Services,
  providerId: Id,
  material: Material,
  letter: Letter,
  model: MailModel,
  { place, headers }: LettersOptions,
): Promise<Written["messages"]> {
  const { nowMs, provider, tellings } = material;
  const mailId = newId(nowMs);
  const domain = messageDomain(provider.mailFrom, services.settings.url);
  const messageId = messageIdOf(mailId, domain);
  const findingIds = letter.items.map(({ findingId }) => findingId);
  const keys = new Set(letter.readers.map(({ key }) => key));
  const earlier = tellings
    .filter(({ findingId, address, messageId: earlierId }) => earlierId && keys.has(address) && findingIds.includes(findingId))
    .map((telling) => telling.messageId);
  const mail = {
    mailId,
    messageId,
    addresses: letter.readers.map(({ address }) => address),
    headers: {
      ...mailHeaders([...new Set(findingIds.map((id) => material.findings.get(id)!.threadId))], earlier, domain, letter.language),
      ...headers,
    },
    findingIds,
    ...renderModel(model),
  };
  const isQueued = services.settings.smtpUrl !== undefined;
  await store.insertMail(tx, providerId, { ...place, lastMailAtMs: undefined }, mail, isQueued ? "queued" : "kept", nowMs);
  tx.afterCommit(() => {
    services.bus.publish("mail-queued", { providerId });
    services.bus.publish("live", { providerId, kind: "outbox", id: mailId, customerId: place.customerId, change: "created" });
  });
  return new Map([...keys].map((key) => [key, { id: mailId, messageId }]));
}

async function writeDeliveries(
  tx: Tx,
  { bus }: Services,
  providerId: Id,
  { nowMs }: Material,
  letter: Letter,
  model: MailModel,
  { place: { customerId } }: LettersOptions,
): Promise<Written["messages"]> {
  const channel = letter.channel as HttpChannelName;
  const body = httpChannels[channel].compose(messageOf(model));
  const findingIds = letter.items.map(({ findingId }) => findingId);
  const about = { customerId, channel, event: "findings.told", body, findingIds, isTest: false };
  const deliveries = (await Promise.all(letter.readers.map(async (reader) => targetsOf(tx, providerId, channel, reader, nowMs)))).flat();
  await insertDeliveries(
    tx,
    providerId,
    deliveries.map((target) => ({ ...about, ...target })),
    nowMs,
  );
  tx.afterCommit(() => bus.publish("deliveries-queued", { providerId }));
  return new Map(
    letter.readers.map(({ key }) => [
      key,
      { id: deliveries.find(({ recipientId }) => recipientId === key)?.deliveryId ?? newId(nowMs), messageId: "" },
    ]),
  );
}

/** What readers know from now on. */
export function tellingsFrom({ findings }: Pick<Material, "findings">, written: readonly Written[]): store.NewTelling[] {
  return written.flatMap(({ letter, messages }) =>
    letter.readers.flatMap(({ key }) =>
      letter.items.map(({ findingId }) => {
        const { severity, closedAtMs, customerId } = findings.get(findingId)!;
        const { id, messageId } = messages.get(key)!;
        return { findingId, address: key, customerId, severity, isOver: closedAtMs !== undefined, mailId: id, messageId };
      }),
    ),
  );
}

/** One delivery for a channel or topic, one for each browser of a person. A person without any is told of nothing here. */
export async function targetsOf(
  tx: Tx,
  providerId: Id,
  channel: HttpChannelName,
  { recipientId }: Pick<LetterReader, "recipientId">,
  nowMs: number,
): Promise<Pick<NewDelivery, "deliveryId" | "recipientId" | "pushSubscriptionId">[]> {
  if (recipientId === null) return [];
  if (channel !== "push") return [{ deliveryId: newId(nowMs), recipientId, pushSubscriptionId: null }];
  const rows = await tx.sql<{ push_subscription_id: Id }>(
    `select s.push_subscription_id from hauswart.recipient r join hauswart.push_subscription s on s.provider_id = r.provider_id and s.account_id = r.account_id
     where r.provider_id = $1 and r.recipient_id = $2`,
    [providerId, recipientId],
  );
  return rows.map(({ push_subscription_id }) => ({ deliveryId: newId(nowMs), recipientId, pushSubscriptionId: push_subscription_id }));
}
