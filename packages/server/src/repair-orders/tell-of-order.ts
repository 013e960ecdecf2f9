/** Tells by mail what became of an order. Written in the transaction that does it, so neither happens alone. */
import { RepairTerms } from "@hauswart/protocol/api/customer-terms.ts";
import { formatFor } from "@hauswart/protocol/format.ts";
import { repairTermsText } from "@hauswart/protocol/repair-terms.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { orderWords } from "../mail/render/order-texts.ts";
import { renderWords } from "../mail/render/render-letter.ts";
import { writeMail } from "../mail/write-mail.ts";
import { readProviderSettings } from "../tenancy/provider-settings.ts";
import type { RepairOrderRow } from "./order-row.ts";

/** Each reader gets a mail of their own; nobody sees who else was told. */
export async function tellOfOrder(tx: Tx, ctx: Context, order: RepairOrderRow, addresses: readonly string[]): Promise<void> {
  const provider = await readProviderSettings(tx, ctx);
  const { language } = order;
  const format = formatFor(language, order.time_zone);
  const words = orderWords(language, {
    state: order.state,
    title: order.title,
    deviceName: order.device_name,
    customerName: order.customer_name,
    providerName: provider.name,
    orderedBy: order.ordered_by,
    orderedAt: format.dateTime(order.ordered_at.getTime()),
    note: order.note,
    stateBy: order.state_by ?? "",
    stateNote: order.state_note,
    terms: repairTermsText(RepairTerms.parse(order.terms), format),
  });
  const content = renderWords({ language, words, link: `${ctx.services.settings.url}/findings/${order.finding_id}` });
  for (const address of addresses) await writeMail(tx, ctx, provider, { address, language, customerId: order.customer_id, content });
}
