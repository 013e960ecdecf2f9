/**
 * What a story has led to, as a document that a person reviews: one file per language beside the test, compared to the letter.
 * After a change that is meant: HAUSWART_STORIES=write node_modules/.bin/bun test tests/stories, and read what has changed.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatFor, type Language } from "@hauswart/protocol/format.ts";
import { expect } from "bun:test";
import type { StoryMail } from "./house.ts";
import { readers, timeZone } from "./people.ts";

const writes = process.env["HAUSWART_STORIES"] === "write";

export interface Told {
  /** Of the files: NAME.de.md and NAME.en.md. */
  readonly name: string;
  readonly title: string;
  /** What happened, in a few sentences, so that a reader can judge the mails. */
  readonly happened: string;
}

/** Compares the mails of a story with the reviewed ones, language by language. */
export async function expectReviewed(told: Told, mails: readonly StoryMail[]): Promise<void> {
  const known = new Set(Object.values(readers).flat());
  expect(mails.flatMap(({ mail }) => mail.recipients).filter((address) => !known.has(address))).toEqual([]);
  for (const language of ["de", "en"] as const) {
    const path = join(import.meta.dir, "..", `${told.name}.${language}.md`);
    const own = mails.filter(({ mail }) => mail.recipients.some((address) => readers[language].includes(address))).toSorted(inOrder);
    const document = documentOf(told, language, own);
    if (writes) writeFileSync(path, document);
    expect(document).toBe(
      await Bun.file(path)
        .text()
        .catch(() => ""),
    );
  }
}

/** By time; what went out in one moment, in an order that does not hang on which connection was quicker. */
function inOrder(one: StoryMail, other: StoryMail): number {
  const key = ({ mail }: StoryMail) => `${mail.recipients.join()} ${mail.message.subject}`;
  return one.atMs - other.atMs || key(one).localeCompare(key(other));
}

function documentOf({ title, happened }: Told, language: Language, mails: readonly StoryMail[]): string {
  const reading = language === "de" ? "German" : "English";
  const rows = mails.map(({ atMs, mail }) => `| ${timeOf(atMs)} | ${mail.recipients.join(", ")} | ${mail.message.subject} |`);
  return [
    `# ${title}: what readers of ${reading} are sent\n\n${happened}`,
    `${mails.length} mails. Times are those of ${timeZone}.\n\n| When | To | Subject |\n| --- | --- | --- |\n${rows.join("\n")}`,
    ...mails.map(wholeMail),
  ]
    .join("\n\n")
    .concat("\n");
}

function wholeMail({ atMs, mail }: StoryMail): string {
  const text = steady(mail.message.text ?? "").trimEnd();
  return `## ${timeOf(atMs)} to ${mail.recipients.join(", ")}\n\n**${mail.message.subject}**\n\n\`\`\`text\n${text}\n\`\`\``;
}

const timeOf = (atMs: number) => {
  const day = new Intl.DateTimeFormat("en-GB", { weekday: "short", timeZone }).format(atMs);
  return `${day} ${formatFor("en", timeZone).dateTime(atMs)}`;
};

/** Ids and keys are others at each run. */
const steady = (text: string) =>
  text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g, "ID")
    .replaceAll(/#token=[\w-]+/g, "#token=KEY")
    // Trailing blanks (the signature's) would be lost in editors.
    .replaceAll(/ +$/gm, "");
