/** A mail to one person about their own access, in both its parts. Pure. */
import type { Format, Language } from "@hauswart/protocol/format.ts";
import { oneLine } from "./finding-words.ts";
import { letterWords, type Letter, type LetterWords } from "./letter-texts.ts";
import { buttonTo, cardRow, mailPage, paragraph, titleLine } from "./mail-page.ts";
import { mailTexts } from "./mail-texts.ts";
import type { RenderedMail } from "./render-mail.ts";
import { wrap } from "./text-part.ts";

export interface LetterAbout {
  readonly language: Language;
  readonly format: Format;
  readonly providerName: string;
  readonly letter: Letter;
  /** Where the button leads. */
  readonly link: string;
}

/** Writes the mail. Names come from people, so no line break in them gets into a subject. */
export function renderLetter({ language, format, providerName, letter, link }: LetterAbout): RenderedMail {
  const words = letterWords(language, withOneLineNames(letter), { provider: oneLine(providerName), time: (atMs) => format.dateTime(atMs) });
  return renderWords({ language, words, link });
}

/** A mail of a few paragraphs and one button. */
export function renderWords({ language, words, link }: { language: Language; words: LetterWords; link: string }): RenderedMail {
  const { automatic } = mailTexts[language];
  const subject = oneLine(words.subject, 250);
  const text = [
    wrap(words.title),
    ...words.paragraphs.map((line) => wrap(line)),
    `${words.action}:\n${link}`,
    `-- \n${wrap(words.reason)}\n${automatic}`,
  ].join("\n\n");
  const html = mailPage({
    language,
    subject,
    preview: words.paragraphs[0] ?? "",
    rows: [cardRow([titleLine(words.title), ...words.paragraphs.map((line) => paragraph("", line)), buttonTo(link, words.action)])],
    foot: [words.reason, automatic],
  });
  return { subject, text, html };
}

function withOneLineNames(letter: Letter): Letter {
  return letter.kind === "invitation" ? { ...letter, invitedBy: oneLine(letter.invitedBy) } : letter;
}
