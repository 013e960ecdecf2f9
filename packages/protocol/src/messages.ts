/**
 * Texts. Each exists once per language, as a plain function of its parameters, and serves console, mail and report alike.
 * TypeScript is the translator's checker: a missing or surplus text does not compile.
 */
import type { AnyCheck, CodeOf, Evidence, JudgementOf, NoDataCodeOf, SelectionOf } from "./check.ts";
import type { Format, Language } from "./format.ts";

/** A text made from a verdict's evidence. `subject` is the volume, service … that it is about. */
export type FindingText = (about: { subject: string; evidence: Evidence; format: Format }) => string;

export interface FindingMessages {
  /** What is the case, short enough for a mail's subject line, without device or customer: "Festplatte C: fast voll (4 % frei)". */
  readonly title: FindingText;
  /** What it means for the person at the computer. */
  readonly meaning: FindingText;
  /** What to do about it. */
  readonly advice: FindingText;
}

export interface SettingMessages {
  readonly label: string;
  readonly help: string;
  /** What its values are called, where it is one of several. */
  readonly choices?: Readonly<Record<string, string>>;
  /** What its columns are called, where it is a table. */
  readonly columns?: Readonly<Record<string, string>>;
}

/** Why there is nothing to measure, one or two sentences. @param about what the agent named, where it names something */
export type NoDataText = string | ((about: string) => string);

/** A check that declares reasons has a text for each. Of any check they may be there. */
type NoDataMessages<Code> = 0 extends 1 & Code
  ? { readonly noData?: Readonly<Record<string, NoDataText>> | undefined }
  : [Code] extends [never]
    ? { readonly noData?: undefined }
    : { readonly noData: Readonly<Record<Code & string, NoDataText>> };

export type CheckMessages<Check extends AnyCheck> = CommonMessages<Check> & NoDataMessages<NoDataCodeOf<Check>>;

interface CommonMessages<Check extends AnyCheck> {
  /** The check's name: "Speicherplatz". */
  readonly name: string;
  /** What it watches, one sentence. */
  readonly description: string;
  /** The state of one subject in a few words, also when all is well: "12 % frei (56 GB)". */
  readonly summary: FindingText;
  readonly findings: Readonly<Record<CodeOf<Check>, FindingMessages>>;
  readonly settings: Readonly<Record<(keyof SelectionOf<Check> | keyof JudgementOf<Check>) & string, SettingMessages>>;
  /** Labels of the series fields, for graphs; by `field`, or `list.field` inside a list. */
  readonly fields: Readonly<Record<string, string>>;
}

export type CheckMessageCatalogue<Check extends AnyCheck> = Readonly<Record<Language, CheckMessages<Check>>>;
