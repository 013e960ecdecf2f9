/** A check's declaration: everything has a kind, a sentence and its unit in the name. */
import type { AnyCheck, FindingDefinition } from "@hauswart/protocol/check.ts";
import { metaOf } from "@hauswart/protocol/fields.ts";
import { parseNoData } from "@hauswart/protocol/no-data.ts";
import { compileCodec } from "@hauswart/protocol/sample-codec.ts";
import type { z } from "zod";
import { coreOf, descriptionOf, rowShapeOf, schemasOf, shapeOf } from "./schema.ts";

/** How the name of a number ends. What a setting counts stands in its name anyway. */
const settingEndings: Readonly<Record<string, RegExp>> = {
  bytes: /[bB]ytes$/,
  percent: /[pP]ercent$/,
  days: /[dD]ays$/,
  minutes: /[mM]inutes$/,
  hours: /[hH]ours$/,
  seconds: /[sS]econds$/,
  milliseconds: /Ms$/,
};
const fieldEndings: Readonly<Record<string, RegExp>> = {
  bytes: /[bB]ytes$/,
  percent: /[pP]ercent$/,
  seconds: /[sS]econds$/,
  count: /[cC]ount$/,
};

export function declarationProblems(check: AnyCheck): string[] {
  return [
    ...headProblems(check),
    ...reasonProblems(check),
    ...sampleProblems(check),
    ...settingProblems(check),
    ...historyProblems(check),
  ].map((problem) => `${check.id}: ${problem}`);
}

const isSentence = (text: string | undefined) => text !== undefined && /^\S+ .+\.$/s.test(text);

/** A reason is told from a sentence by its form, and from others by its name. */
function reasonProblems({ noData }: AnyCheck): string[] {
  const codes = (noData ?? []) as readonly string[];
  return [
    ...codes.flatMap((code) => (parseNoData(code)?.about === "" ? [] : [`the reason ${code} is not in kebab-case`])),
    ...(new Set(codes).size === codes.length ? [] : ["a reason stands twice"]),
  ];
}

function headProblems({ id, version, readsFrom = version, description, findings, failuresBeforeFinding }: AnyCheck): string[] {
  const codes = Object.entries<FindingDefinition>(findings);
  return [
    ...(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) ? [] : ["the id is not in kebab case"]),
    ...(Number.isInteger(version) && version >= 1 ? [] : ["the version is not a whole number from 1 on"]),
    ...(Number.isInteger(readsFrom) && readsFrom >= 1 && readsFrom <= version ? [] : ["the oldest version that is read is none before it"]),
    ...(isSentence(description) ? [] : ["the description is not a sentence"]),
    ...(Number.isInteger(failuresBeforeFinding) && failuresBeforeFinding >= 1
      ? []
      : ["failuresBeforeFinding is not a whole number from 1 on"]),
    ...(codes.length > 0 ? [] : ["it declares no finding"]),
    ...codes.flatMap(([code, finding]) => [
      ...(/^[a-z]+(-[a-z]+)*$/.test(code) ? [] : [`finding ${code} is not in kebab case`]),
      ...(isSentence(finding.description) ? [] : [`finding ${code} is not described by a sentence`]),
      ...(finding.raises.length > 0 ? [] : [`finding ${code} raises nothing`]),
    ]),
  ];
}

/** Why what is declared cannot be stored; undefined when it can. */
function whyNotStorable(check: AnyCheck): string | undefined {
  try {
    compileCodec(check);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function sampleProblems(check: AnyCheck): string[] {
  const whyNot = whyNotStorable(check);
  if (whyNot !== undefined) return [whyNot];
  return Object.entries(shapeOf(schemasOf(check).sample)).flatMap(([name, field]) => {
    const rows = rowShapeOf(field);
    if (!rows) return fieldProblems(name, field);
    const own = metaOf(field)?.store === "entries" ? described(name, field) : [];
    return [
      ...own,
      ...Object.entries(rows).flatMap(([key, inner]) =>
        key === "at" ? described(`${name}.at`, inner) : fieldProblems(`${name}.${key}`, inner),
      ),
    ];
  });
}

function fieldProblems(name: string, field: z.ZodType): string[] {
  const unit = metaOf(field)?.unit;
  const ending = unit === undefined ? undefined : fieldEndings[unit];
  return [
    ...described(name, field),
    ...(ending && !ending.test(name) ? [`${name} is a number of ${unit}, and its name does not say so`] : []),
  ];
}

const described = (name: string, field: z.ZodType) => (isSentence(descriptionOf(field)) ? [] : [`${name} is not described by a sentence`]);

function settingProblems(check: AnyCheck): string[] {
  const { selection, judgement } = schemasOf(check);
  const both = Object.keys(shapeOf(selection)).filter((name) => name in shapeOf(judgement));
  return [
    ...Object.entries(shapeOf(judgement)).flatMap(([name, field]) =>
      field.meta?.()?.["secret"] === true ? [`setting ${name} is secret, and the server judges without secrets`] : [],
    ),
    ...both.map((name) => `setting ${name} is in selection and in judgement`),
    ...[selection, judgement].flatMap((schema) => {
      const parsed = schema.safeParse({});
      const settings = Object.entries(shapeOf(schema)).flatMap(([name, field]) => {
        const unit = (coreOf(field).meta?.() ?? field.meta?.())?.["unit"];
        const ending = typeof unit === "string" ? settingEndings[unit] : undefined;
        return [
          ...described(`setting ${name}`, field),
          ...(ending && !ending.test(name) ? [`setting ${name} is a number of ${String(unit)}, and its name does not say so`] : []),
        ];
      });
      return [...(parsed.success ? [] : [`the default settings do not parse: ${parsed.error.message}`]), ...settings];
    }),
  ];
}

function historyProblems(check: AnyCheck): string[] {
  if (!check.history || whyNotStorable(check) !== undefined) return [];
  const known = new Set(compileCodec(check).series.map(({ field }) => field));
  return check.history.fields.filter((field) => !known.has(field)).map((field) => `history names ${field}, which is no series`);
}
