/** Letters into the outboxes: mails, and deliveries of the other channels. All of it in the transaction of whoever decided. */
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { announce } from "../../announce.ts";
import type { PersonChannelName } from "../../channels/channel.ts";
import { personChannels } from "../../channels/channels.ts";
import { messageOf } from "../../channels/message-of.ts";
import { insertDeliveries } from "../../channels/outbox/deliver.ts";
import { targetsOf } from "../../channels/outbox/targets-of.ts";
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
  /** With the readers whom it goes to. */
  readonly letter: Letter;
  /** People without any browser that takes messages. */
  readonly missed: readonly LetterReader[];
  /** By the reader's key. */
  readonly messages: ReadonlyMap<string, { readonly id: Id; readonly messageId: string }>;
}

export interface LettersOptions {
  readonly place: store.Place;
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
    const messages = await write(tx, services, providerId, material, letter, model, options);
    const [readers, missed] = [
      letter.readers.filter(({ key }) => messages.has(key)),
      letter.readers.filter(({ key }) => !messages.has(key)),
    ];
    written.push({ letter: { ...letter, readers }, missed, messages });
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
  await store.insertMail(tx, providerId, { ...place }, mail, isQueued ? "queued" : "kept", nowMs);
  tx.afterCommit(() => services.bus.publish("mail-queued", { providerId }));
  announce(tx, { services, providerId }, { kind: "outbox", id: mailId, customerId: place.customerId, change: "created" });
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
  const channel = letter.channel as PersonChannelName;
  const body = personChannels[channel].compose(messageOf(model));
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
    letter.readers.flatMap(({ key }) => {
      const delivery = deliveries.find(({ recipientId }) => recipientId === key);
      return delivery ? [[key, { id: delivery.deliveryId, messageId: "" }] as const] : [];
    }),
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
