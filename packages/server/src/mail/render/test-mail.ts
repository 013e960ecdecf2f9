/** The mail with which somebody tries whether mails arrive. Pure. */
import type { Format, Language } from "@hauswart/protocol/format.ts";
import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { RenderedMail } from "./render-mail.ts";
import { oneLine } from "./finding-words.ts";
import { wrap } from "./text-part.ts";

export interface TestMailAbout {
  readonly language: Language;
  readonly format: Format;
  readonly nowMs: number;
  readonly providerName: string;
  /** Who asked for it. */
  readonly askedBy: string;
  /** Address of the console, no slash at the end. */
  readonly consoleUrl: string;
}

export interface TestWords {
  readonly subject: string;
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly button: string;
  readonly automatic: string;
}

const wordsOf: Readonly<Record<Language, (provider: string, by: string, at: string) => TestWords>> = {
  de: (provider, by, at) => ({
    subject: `Testnachricht: ${provider}`,
    title: "Diese Nachricht ist angekommen",
    paragraphs: [
      `${by} hat am ${at} in Hauswart ausprobiert, ob Nachrichten hier ankommen. Das ist der Fall.`,
      `Sobald bei einem überwachten Gerät etwas gestört ist, meldet sich ${provider} hier. Zu tun ist jetzt nichts.`,
    ],
    button: "Hauswart öffnen",
    automatic: "Automatisch gesendet von Hauswart.",
  }),
  en: (provider, by, at) => ({
    subject: `Test message: ${provider}`,
    title: "This message has arrived",
    paragraphs: [
      `${by} tried on ${at} in Hauswart whether messages arrive here. They do.`,
      `As soon as something is wrong with a watched device, ${provider} says so here. There is nothing to do now.`,
    ],
    button: "Open Hauswart",
    automatic: "Sent automatically by Hauswart.",
  }),
};

const font = "font-family:'Segoe UI',-apple-system,Helvetica,Arial,sans-serif";

/** The words of a test, for the other channels too. */
export function testMailWords({ language, format, nowMs, providerName, askedBy }: TestMailAbout): TestWords {
  return wordsOf[language](oneLine(providerName), oneLine(askedBy), format.dateTime(nowMs));
}

/** Writes the test mail, in both parts. */
export function renderTestMail(about: TestMailAbout): RenderedMail {
  const { language, consoleUrl } = about;
  const words = testMailWords(about);
  const text = [
    words.title,
    ...words.paragraphs.map((paragraph) => wrap(paragraph)),
    `${words.button}:\n${consoleUrl}/`,
    `-- \n${words.automatic}`,
  ];
  return { subject: oneLine(words.subject, 250), text: text.join("\n\n"), html: htmlOf(language, words, consoleUrl) };
}

function htmlOf(language: Language, words: TestWords, consoleUrl: string): string {
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${words.subject}</title>
      </head>
      <body style="margin:0;padding:24px;${font};font-size:14px;line-height:21px">
        <div style="font-size:19px;line-height:26px;font-weight:600">${words.title}</div>
        ${words.paragraphs.map((paragraph) => html`<p style="margin:12px 0 0;max-width:600px">${paragraph}</p>`)}
        <p style="margin:18px 0 0"><a href="${consoleUrl}/">${words.button}</a></p>
        <p style="margin:24px 0 0;font-size:12px;line-height:18px">${words.automatic}</p>
      </body>
    </html> `;
  // Without promises among its parts the markup is a text already.
  return (page as HtmlEscapedString).toString();
}
