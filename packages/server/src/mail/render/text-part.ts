/** The plain-text part: short lines that read well in any program. */
import { reasonOf, type MailItem, type MailModel } from "./mail-model.ts";

const lineLength = 76;

/** The mail as plain text, lines of at most 76 characters where words allow. */
export function textPart(model: MailModel): string {
  const { texts, items } = model;
  const blocks = items.flatMap((item, index) => {
    const heading =
      items.length > 1 && item.finding.told !== items[index - 1]?.finding.told ? [`== ${texts.headings[item.finding.told]} ==`] : [];
    return [...heading, itemText(model, item)];
  });
  const more = model.more > 0 ? [`${texts.moreFindings(model.more)}\n${model.listLink}`] : [];
  const lead = model.about.lead;
  const head = lead ? [lead.title, wrap(lead.text), ...(lead.button ? [`${lead.button.label}:\n${lead.button.link}`] : [])] : [];
  return [...head, ...blocks, ...more, `-- \n${wrap(reasonOf(model))}\n${texts.automatic}`].join("\n\n");
}

function itemText(
  model: MailModel,
  { words, deviceName, place = model.place, facts, link, action, verdictLink, isOver, state, ending }: MailItem,
): string {
  const { texts } = model;
  const head = `${state}: ${words.title}`;
  const rows = [...(deviceName ? [{ label: texts.device, text: deviceName }] : []), { label: texts.place, text: place }, ...facts];
  const explanation = isOver ? [wrap(ending)] : [section(texts.meaning, words.meaning), section(texts.advice, words.advice)];
  return [
    wrap(head),
    rows.map(({ label, text }) => wrap(`${label}: ${text}`, "  ")).join("\n"),
    ...explanation,
    `${texts.openFinding}:\n${link}`,
    action ? `${wrap(action.text)}\n${action.label}:\n${action.link}` : "",
    verdictLink ? `${texts.wasUseful}\n${texts.judge}:\n${verdictLink}` : "",
  ]
    .filter(Boolean)
    .join("\n\n");
}

const section = (heading: string, text: string) => (text ? `${heading}:\n${wrap(text)}` : "");

/** Breaks lines between words; following lines start with `indent`. Addresses stay whole. */
export function wrap(text: string, indent = ""): string {
  return text
    .split("\n")
    .map((paragraph) => {
      const lines: string[] = [];
      let line = "";
      for (const word of paragraph.split(" ")) {
        if (line && line.length + 1 + word.length > lineLength) {
          lines.push(line);
          line = indent + word;
        } else line = line ? `${line} ${word}` : word;
      }
      return [...lines, line].join("\n");
    })
    .join("\n");
}
