/** Tells what became of an order. Written in the transaction that does it, so neither happens alone. */
import { RepairTerms } from "@hauswart/protocol/api/customer-terms.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import { repairTermsText } from "@hauswart/protocol/repair-terms.ts";
import type { ChannelMessage } from "../channels/channel.ts";
import { writeMessage } from "../channels/outbox/write-message.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { selectFindings, type FindingRow } from "../findings/finding-row.ts";
import { formatIn } from "../format-in.ts";
import { findingWords } from "../mail/render/finding-words.ts";
import type { LetterWords } from "../mail/render/letter-texts.ts";
import { orderWords } from "../mail/render/order-texts.ts";
import { renderWords } from "../mail/render/render-letter.ts";
import { writeMail } from "../mail/write-mail.ts";
import { readProviderSettings } from "../tenancy/provider-settings.ts";
import type { RepairOrderRow } from "./order-row.ts";
import { readersOfOrder } from "./readers-of-order.ts";

/** Everybody who had the alarm, by their own way; nobody sees who else was told. The transaction must be open for the whole house. */
export async function tellOfOrder(tx: Tx, ctx: Context, order: RepairOrderRow): Promise<void> {
  const provider = await readProviderSettings(tx, ctx);
  const titles = await titlesOf(tx, ctx, order);
  const link = `${ctx.services.settings.url}/findings/${order.finding_id}`;
  for (const { channel, address, recipientId, language } of await readersOfOrder(tx, ctx, order)) {
    const words = wordsFor(order, titles[language], language, provider.name);
    const { customer_id: customerId } = order;
    if (channel === "mail") {
      await writeMail(tx, ctx, provider, { address, language, customerId, content: renderWords({ language, words, link }) });
    } else if (recipientId !== null) {
      const message = messageOf(order, words, link);
      await writeMessage(tx, ctx, { channel, recipientId, customerId, event: "repair-order.told", message, findingIds: [], isTest: false });
    }
  }
}

function wordsFor(order: RepairOrderRow, title: string, language: Language, providerName: string): LetterWords {
  const format = formatIn(language, order.time_zone);
  return orderWords(language, {
    state: order.state,
    title,
    deviceName: order.device_name,
    customerName: order.customer_name,
    providerName,
    orderedBy: order.ordered_by,
    orderedAt: format.dateTime(order.ordered_at.getTime()),
    note: order.note,
    stateBy: order.state_by ?? "",
    stateNote: order.state_note,
    terms: repairTermsText(RepairTerms.parse(order.terms), format),
  });
}

const messageOf = (
  { state, note, state_note, repair_order_id }: RepairOrderRow,
  { subject, title, paragraphs, action }: LetterWords,
  link: string,
): ChannelMessage => ({
  title: subject,
  tone: state === "declined" ? "warning" : "over",
  items: [{ tone: "over", state: title, title, where: paragraphs[0] ?? "", facts: [], link }],
  more: state === "open" ? note : state_note,
  link,
  button: action,
  tag: `order-${repair_order_id}`,
});

/** The finding's title in each language. The order keeps the one that was read when it was placed. */
async function titlesOf(tx: Tx, { providerId, services }: Context, order: RepairOrderRow): Promise<Readonly<Record<Language, string>>> {
  const [row] = await tx.sql<FindingRow>(`${selectFindings} where f.provider_id = $1 and f.finding_id = $2`, [
    providerId,
    order.finding_id,
  ]);
  const titleIn = (language: Language): string => {
    if (!row || language === order.language) return order.title;
    const spoken = { checkId: row.check_id, code: row.code, subject: row.subject };
    return findingWords(services.checks, spoken, row.evidence, formatIn(language, row.time_zone)).title;
  };
  return { de: titleIn("de"), en: titleIn("en") };
}
