/** Which rule an entry fits. */
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import { curated, type CuratedRule, type RuleTraits } from "../protocol/curated.ts";
import { levels, parseOwnRule, type OwnRule } from "../protocol/own-rule.ts";
import type { Selection } from "./event-reader.ts";
import type { CuratedFit, Occurrence } from "./occurrence.ts";

export interface Rule extends RuleTraits {
  readonly name: string;
  readonly isOwn: boolean;
  readonly fits: (occurrence: Occurrence) => boolean;
}

/** Those of the settings; what is not understood was refused by the server and is passed over. */
export const ownRulesOf = (selection: Selection): OwnRule[] =>
  selection.ownRules.flatMap((line) => {
    const rule = parseOwnRule(line);
    return typeof rule === "string" ? [] : [rule];
  });

/** All rules that apply. */
export function rulesOf(selection: Selection, fits: readonly CuratedFit<CuratedRule>[], own: readonly OwnRule[]): Rule[] {
  const replaced = new Set(own.map(({ name }) => name));
  const curatedRules = !selection.curated
    ? []
    : fits
        .filter(({ rule }) => !replaced.has(rule) && !fitsAny(selection.without, rule))
        .map(({ rule, fits: isFit }): Rule => ({ ...curated[rule], name: rule, isOwn: false, fits: isFit }));
  return [...own.map((rule): Rule => ({ ...rule, isOwn: true, fits: (occurrence) => fitsOwn(rule, occurrence) })), ...curatedRules];
}

export function isExcluded({ exclude }: Selection, { source, eventId }: Occurrence): boolean {
  return exclude.length > 0 && (fitsAny(exclude, source) || fitsAny(exclude, `${source}/${eventId}`));
}

const isAtLeast = (occurrence: Occurrence, level: OwnRule["level"]) => levels.indexOf(occurrence.level) <= levels.indexOf(level);
const isIn = (patterns: readonly string[], value: string) => patterns.length === 0 || fitsAny(patterns, value);

function fitsOwn(rule: OwnRule, occurrence: Occurrence): boolean {
  return (
    isAtLeast(occurrence, rule.level) &&
    isIn(rule.logs, occurrence.log) &&
    isIn(rule.sources, occurrence.source) &&
    isIn(rule.ids, occurrence.eventId) &&
    isIn(rule.texts, occurrence.text)
  );
}
