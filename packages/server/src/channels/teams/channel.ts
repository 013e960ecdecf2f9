/**
 * Microsoft Teams: a workflow "When a Teams webhook request is received" posts an Adaptive Card into a channel or chat. It takes a
 * message with the card as its attachment and answers 202. The connectors of Office 365, with their message cards, are being retired:
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 */
import { strictVerdict, type ChannelItem, type ChannelMessage, type PersonChannel, type Tone } from "../channel.ts";

/** Teams takes at most 28 kB; this many findings with their facts stay well below. */
const mostItems = 8;
const colours: Readonly<Record<Tone, string>> = { failure: "attention", warning: "warning", over: "good" };
const marks: Readonly<Record<Tone, string>> = { failure: "■", warning: "▲", over: "●" };

export const teamsChannel: PersonChannel = {
  compose: (message) =>
    JSON.stringify({
      type: "message",
      attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", contentUrl: null, content: cardOf(message) }],
    }),
  request: ({ url }, body) => ({ url, headers: { "content-type": "application/json" }, body }),
  verdictOf: strictVerdict,
};

function cardOf({ title, tone, items, more, link, button }: ChannelMessage) {
  const shown = items.slice(0, mostItems);
  return {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    msteams: { width: "Full" },
    fallbackText: title,
    body: [
      text(title, { size: "medium", weight: "bolder", color: colours[tone] }),
      ...shown.flatMap((item) => itemOf(item, items.length > 1)),
      ...(more || shown.length < items.length ? [text(more || `+ ${items.length - shown.length}`, { isSubtle: true })] : []),
    ],
    actions: [{ type: "Action.OpenUrl", title: button, url: link }],
  };
}

const itemOf = ({ tone, state, title, where, facts }: ChannelItem, isOneOfMany: boolean) => [
  text(isOneOfMany ? `${marks[tone]} ${state}: ${title}` : `${marks[tone]} ${state}`, {
    color: colours[tone],
    weight: "bolder",
    separator: isOneOfMany,
  }),
  ...(where ? [text(where, { isSubtle: true, spacing: "none" })] : []),
  { type: "FactSet", facts: facts.map(({ label, text: value }) => ({ title: plain(label), value: plain(value) })) },
];

const text = (words: string, style: object) => ({ type: "TextBlock", text: plain(words), wrap: true, ...style });

/** Cards read a subset of Markdown; a device's name must not become a link or bold text in it. */
const plain = (words: string) => words.replace(/[\\*_[\]()`~#]/g, "\\$&");
