/**
 * The HTML part of a mail about findings. `html` escapes whatever is put into it (hono/html), so a script in a device's name stays text.
 */
import { html } from "hono/html";
import { reasonOf, type MailItem, type MailModel } from "./mail-model.ts";
import { buttonTo, cardRow, font, mailPage, paragraph, titleLine, type Markup } from "./mail-page.ts";

/** Colours with at least 4.5:1 on their background, in both themes. Shape, word and colour say the state. */
const marks = {
  failure: { shape: "■", colour: "#b3261e", name: "failure" },
  warning: { shape: "▲", colour: "#8a5300", name: "warning" },
  recovered: { shape: "●", colour: "#1b6e3a", name: "over" },
  "subject-gone": { shape: "◌", colour: "#5c5470", name: "unknown" },
  "not-watched": { shape: "◌", colour: "#5c5470", name: "unknown" },
} as const;

/** The mail as an HTML document. */
export function htmlPart(model: MailModel): string {
  const { texts, about, items } = model;
  return mailPage({
    language: about.language,
    subject: model.subject,
    preview: preview(model),
    rows: [
      about.lead ? leadCard(about.lead) : "",
      ...items.flatMap((item, index) => [
        items.length > 1 && item.finding.told !== items[index - 1]?.finding.told ? heading(texts.headings[item.finding.told]) : "",
        card(model, item),
      ]),
      model.more > 0 ? moreRow(model) : "",
    ],
    foot: [reasonOf(model), texts.automatic],
  });
}

const preview = ({ items, texts }: MailModel) =>
  items
    .slice(0, 3)
    .map(({ words, facts }) =>
      [words.title, (facts.find(({ label }) => label === texts.evidence || label === texts.now) ?? facts.at(-1))?.text ?? ""]
        .filter(Boolean)
        .join(" – "),
    )
    .join(" · ");

const heading = (text: string) =>
  html`<tr>
    <td class="strong" style="${font};font-size:15px;line-height:22px;font-weight:600;color:#1b1e25;padding:14px 24px 6px">${text}</td>
  </tr> `;

const leadCard = ({ title, text, button }: NonNullable<MailModel["about"]["lead"]>) =>
  cardRow([titleLine(title), paragraph("", text), button ? buttonTo(button.link, button.label) : ""]);

function card(model: MailModel, item: MailItem): Markup {
  const { texts } = model;
  const { finding, words, deviceName, place = model.place, facts, link, action, verdictLink, isOver, state, ending } = item;
  const mark = isOver ? marks[finding.ending] : marks[finding.severity];
  return cardRow([
    html`<div class="${mark.name}" style="${font};font-size:13px;line-height:20px;font-weight:600;color:${mark.colour}">
      ${mark.shape} ${state}
    </div> `,
    titleLine(words.title),
    html`<table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%">
      ${deviceName ? factRow(texts.device, deviceName) : ""}${factRow(texts.place, place)}${facts.map(({ label, text }) => factRow(label, text))}
    </table> `,
    ...(isOver ? [paragraph("", ending)] : [paragraph(texts.meaning, words.meaning), paragraph(texts.advice, words.advice)]),
    buttonTo(link, texts.openFinding, action !== undefined || model.about.lead?.button !== undefined),
    ...(action ? [paragraph(action.heading, action.text), buttonTo(action.link, action.label)] : []),
    verdictLink ? question(verdictLink, texts.wasUseful, texts.judge) : "",
  ]);
}

/** Asked in passing: no button beside those that matter. */
const question = (link: string, ask: string, label: string) =>
  html`<div class="text" style="${font};font-size:13px;line-height:20px;color:#1b1e25;padding-top:16px">
    ${ask} <a href="${link}">${label}</a>
  </div> `;

const factRow = (label: string, text: string) =>
  html`<tr>
    <td
      class="label"
      valign="top"
      width="150"
      style="${font};font-size:13px;line-height:20px;color:#5b6270;padding:3px 12px 3px 0;width:150px"
    >
      ${label}
    </td>
    <td class="text" valign="top" style="${font};font-size:13px;line-height:20px;color:#1b1e25;padding:3px 0;word-break:break-word">
      ${text}
    </td>
  </tr> `;

const moreRow = ({ texts, more, listLink }: MailModel) =>
  html`<tr>
    <td class="text" style="${font};font-size:14px;line-height:21px;color:#1b1e25;padding:6px 24px 10px">
      ${texts.moreFindings(more)}: <a href="${listLink}">${texts.openFindings}</a>
    </td>
  </tr> `;
