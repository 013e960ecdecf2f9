/** Evidence is stored as JSON and shown by texts: nothing in it may be lost or show as nonsense. */
import type { AnyCheck, Verdict } from "@hauswart/protocol/check.ts";
import { formatFor, languages } from "@hauswart/protocol/format.ts";
import type { CheckMessageCatalogue, FindingText } from "@hauswart/protocol/messages.ts";

const nonsense = /undefined|NaN|Infinity|∞|\[object|Invalid Date|\bnull\b/;
const formats = { de: formatFor("de", "Europe/Berlin"), en: formatFor("en", "Europe/Berlin") };

/** What is wrong with one verdict's evidence, and with the texts made from it. */
export function evidenceProblems(
  { findings }: AnyCheck,
  messages: CheckMessageCatalogue<AnyCheck>,
  { code, subject, evidence }: Verdict,
): string[] {
  const values = Object.entries(evidence).flatMap(([name, value]) => {
    const isFine =
      value === null || typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
    return isFine ? [] : [`${code}: evidence ${name} is ${String(value)}`];
  });
  if (!(code in findings)) return [...values, `${code} is not declared`];
  const texts = languages.flatMap((language) => {
    const { title, meaning, advice } = messages[language].findings[code]!;
    const all: Readonly<Record<string, FindingText>> = { title, meaning, advice, summary: messages[language].summary };
    return Object.entries(all).flatMap(([name, text]) =>
      textProblem(`${code}, ${name}, ${language}`, () => text({ subject: "S", evidence, format: formats[language] })),
    );
  });
  return [...values, ...texts.map((problem) => (subject === "" ? problem : `${problem} (${subject.slice(0, 40)})`))];
}

function textProblem(where: string, write: () => string): string[] {
  try {
    const text = write();
    if (text.trim() === "") return [`${where}: empty`];
    // Names that the computer gave may hold any word; generated ones hold none of these.
    return nonsense.test(text) ? [`${where}: ${text}`] : [];
  } catch (error) {
    return [`${where}: throws ${String(error)}`];
  }
}
