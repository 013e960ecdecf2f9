/** From the model that mails are made of to what the other channels say. */
import type { MailItem, MailModel } from "../mail/render/mail-model.ts";
import type { ChannelItem, ChannelMessage, Tone } from "./channel.ts";

const toneOf = ({ isOver, finding }: MailItem): Tone => (isOver ? "over" : finding.severity);
const worst = (tones: readonly Tone[]): Tone => (["failure", "warning"] as const).find((tone) => tones.includes(tone)) ?? "over";

/** The same findings, words and order as in the mail. */
export function messageOf(model: MailModel): ChannelMessage {
  const { texts, items, more, listLink, about } = model;
  const single = items.length === 1 && more === 0 ? items[0]! : undefined;
  return {
    title: model.subject,
    tone: worst(items.map(toneOf)),
    items: items.map((item) => channelItem(model, item)),
    more: more > 0 ? texts.moreFindings(more) : "",
    link: single?.link ?? (about.findings.length > 0 ? listLink : about.consoleUrl),
    button: single ? texts.openFinding : texts.openFindings,
    tag: single?.finding.findingId ?? "findings",
  };
}

function channelItem({ place }: MailModel, item: MailItem): ChannelItem {
  const { state, words, deviceName, facts, link } = item;
  return {
    tone: toneOf(item),
    state,
    title: words.title,
    where: [deviceName, item.place ?? place].filter(Boolean).join(", "),
    facts,
    link,
  };
}
