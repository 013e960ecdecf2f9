/** The words of mails about repairs that a customer ordered. */
import type { RepairOrder } from "@hauswart/protocol/api/repair-orders.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import { oneLine, tidy } from "./finding-words.ts";
import type { LetterWords } from "./letter-texts.ts";

export interface OrderAbout {
  readonly state: RepairOrder["state"];
  readonly title: string;
  readonly deviceName: string | null;
  readonly customerName: string;
  readonly providerName: string;
  readonly orderedBy: string;
  /** Day and time in the customer's time zone. */
  readonly orderedAt: string;
  readonly note: string;
  readonly stateBy: string;
  readonly stateNote: string;
  /** What it costs, in a sentence. */
  readonly terms: string;
}

type Say = (about: OrderAbout) => Pick<LetterWords, "title" | "paragraphs"> & { readonly subject: string };
type Words = { readonly [State in RepairOrder["state"]]: Say } & {
  readonly action: string;
  readonly reason: (about: OrderAbout) => string;
};

const german: Words = {
  open: ({ title, orderedBy, orderedAt, note, terms, providerName }) => ({
    subject: `Auftrag erhalten: ${title}`,
    title: "Der Reparaturauftrag ist eingegangen",
    paragraphs: [
      `${orderedBy} hat am ${orderedAt} beauftragt, dass ${providerName} das behebt: ${title}.`,
      terms,
      note && `Nachricht dazu: ${note}`,
      "Wir melden uns, sobald jemand die Arbeit übernimmt. Haben Sie das nicht beauftragt, antworten Sie bitte auf diese Mail.",
    ],
  }),
  accepted: ({ title, stateBy, stateNote }) => ({
    subject: `Auftrag angenommen: ${title}`,
    title: "Der Reparaturauftrag ist angenommen",
    paragraphs: [`${stateBy} kümmert sich darum: ${title}.`, stateNote],
  }),
  done: ({ title, stateBy, stateNote }) => ({
    subject: `Auftrag erledigt: ${title}`,
    title: "Der Reparaturauftrag ist erledigt",
    paragraphs: [
      `${stateBy} hat die Arbeit abgeschlossen: ${title}.`,
      stateNote,
      "Ob der Befund damit behoben ist, zeigt die nächste Messung; darüber bekommen Sie wie gewohnt eine Mail.",
    ],
  }),
  declined: ({ title, stateBy, stateNote }) => ({
    subject: `Auftrag nicht angenommen: ${title}`,
    title: "Der Reparaturauftrag wurde nicht angenommen",
    paragraphs: [`${stateBy} konnte den Auftrag nicht annehmen: ${title}.`, stateNote, "Es entstehen keine Kosten."],
  }),
  action: "Befund öffnen",
  reason: ({ providerName, customerName }) =>
    `Diese Adresse bekam die Meldung, auf die sich der Auftrag bezieht (${customerName}, betreut von ${providerName}).`,
};

const english: Words = {
  open: ({ title, orderedBy, orderedAt, note, terms, providerName }) => ({
    subject: `Order received: ${title}`,
    title: "The repair order has arrived",
    paragraphs: [
      `On ${orderedAt} ${orderedBy} ordered that ${providerName} mends this: ${title}.`,
      terms,
      note && `Message with it: ${note}`,
      "We will tell you as soon as somebody takes it on. If you did not order this, please answer this mail.",
    ],
  }),
  accepted: ({ title, stateBy, stateNote }) => ({
    subject: `Order accepted: ${title}`,
    title: "The repair order is accepted",
    paragraphs: [`${stateBy} is taking care of it: ${title}.`, stateNote],
  }),
  done: ({ title, stateBy, stateNote }) => ({
    subject: `Order done: ${title}`,
    title: "The repair order is done",
    paragraphs: [
      `${stateBy} has finished the work: ${title}.`,
      stateNote,
      "Whether the finding is gone is told by the next measurement; you get a mail about it as usual.",
    ],
  }),
  declined: ({ title, stateBy, stateNote }) => ({
    subject: `Order not accepted: ${title}`,
    title: "The repair order was not accepted",
    paragraphs: [`${stateBy} could not accept the order: ${title}.`, stateNote, "Nothing will be billed."],
  }),
  action: "Open finding",
  reason: ({ providerName, customerName }) =>
    `This address had the notice that the order is about (${customerName}, looked after by ${providerName}).`,
};

/** What a mail about an order says. Names come from people, so no line break in them gets into a line of ours. */
export function orderWords(language: Language, about: OrderAbout): LetterWords {
  const words = language === "de" ? german : english;
  const clean = {
    ...about,
    title: [about.title, about.deviceName ?? ""]
      .map((part) => oneLine(part))
      .filter(Boolean)
      .join(": "),
    orderedBy: oneLine(about.orderedBy),
    note: tidy(about.note),
    stateBy: oneLine(about.stateBy),
    stateNote: tidy(about.stateNote),
    customerName: oneLine(about.customerName),
    providerName: oneLine(about.providerName),
  };
  const { subject, title, paragraphs } = words[about.state](clean);
  return {
    subject: oneLine(`${subject}, ${clean.customerName}`, 250),
    title,
    paragraphs: paragraphs.filter(Boolean),
    action: words.action,
    reason: words.reason(clean),
  };
}
