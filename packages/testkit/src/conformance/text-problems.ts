/** A check's texts: every code, setting and series has one in each language, and nothing else has. */
import type { AnyCheck } from "@hauswart/protocol/check.ts";
import { languages } from "@hauswart/protocol/format.ts";
import type { CheckMessageCatalogue, CheckMessages } from "@hauswart/protocol/messages.ts";
import { compileCodec } from "@hauswart/protocol/sample-codec.ts";
import { schemasOf, shapeOf } from "./schema.ts";

/** A sentence that is the same in both languages has not been translated. */
const wordsOfASentence = 4;

export function textProblems(check: AnyCheck, messages: CheckMessageCatalogue<AnyCheck>): string[] {
  const single = languages.flatMap((language) =>
    problemsOf(check, messages[language]).map((problem) => `${check.id}, ${language}: ${problem}`),
  );
  return [...single, ...untranslated(messages).map((text) => `${check.id}: not translated: ${text}`)];
}

function problemsOf(check: AnyCheck, texts: CheckMessages<AnyCheck>): string[] {
  const { selection, judgement } = schemasOf(check);
  const settings = [...Object.keys(shapeOf(selection)), ...Object.keys(shapeOf(judgement))];
  const series = compileCodec(check).series.map(({ field }) => field);
  return [
    ...(texts.name.trim() && texts.description.trim() ? [] : ["name or description is empty"]),
    ...differences("finding", Object.keys(check.findings), Object.keys(texts.findings)),
    ...differences("setting", settings, Object.keys(texts.settings)),
    ...differences("reason", (check.noData ?? []) as readonly string[], Object.keys(texts.noData ?? {})),
    ...reasonsOf(texts).flatMap(([code, text]) => (text.trim() ? [] : [`reason ${code} has an empty text`])),
    ...differences("series", series, Object.keys(texts.fields)),
    ...Object.entries(texts.settings).flatMap(([name, { label, help }]) =>
      label.trim() && help.trim() ? [] : [`setting ${name} has an empty label or help`],
    ),
    ...Object.entries(texts.fields).flatMap(([name, label]) => (label.trim() ? [] : [`series ${name} has an empty label`])),
    ...sentencesOf(texts).flatMap((text) => (text.includes("!") ? [`has an exclamation mark: ${text}`] : [])),
  ];
}

function differences(what: string, declared: readonly string[], written: readonly string[]): string[] {
  return [
    ...declared.filter((name) => !written.includes(name)).map((name) => `${what} ${name} has no text`),
    ...written.filter((name) => !declared.includes(name)).map((name) => `there is a text for ${what} ${name}, which is not declared`),
  ];
}

/** Written about something, where the text says what it is about. */
const reasonsOf = ({ noData = {} }: CheckMessages<AnyCheck>) =>
  Object.entries(noData).map(([code, text]) => [code, typeof text === "string" ? text : text("X")] as const);

const sentencesOf = (texts: CheckMessages<AnyCheck>) => [
  texts.description,
  ...Object.values(texts.settings).flatMap(({ label, help }) => [label, help]),
  ...reasonsOf(texts).map(([, text]) => text),
];

function untranslated({ de, en }: CheckMessageCatalogue<AnyCheck>): string[] {
  const german = new Set(sentencesOf(de));
  return sentencesOf(en).filter((text) => text.split(" ").length >= wordsOfASentence && german.has(text));
}
