/** What the places and values of an audit entry are called. Pure, tested beside. */
import type { Format } from "@hauswart/protocol/format.ts";
import type { CheckTexts } from "../../features/check-texts.ts";
import { writeSetting } from "../../features/evidence.ts";
import type { Place } from "./difference.ts";

interface Words {
  readonly fields: Readonly<Record<string, string>>;
  /** What every check can be set to, whatever it measures. */
  readonly commonSettings: Readonly<Record<string, string>>;
  readonly checkTexts: (check: string) => CheckTexts;
}

/**
 * @returns "Prüfungen · Speicherplatz · Warnung unter (%)", "Zuweisungen 1 · Geltungsbereich"; a field for which there are no words as
 * it is stored, because an older or newer version may have written it
 */
export function wordsOfPlace(place: Place, { fields, commonSettings, checkTexts }: Words): string {
  const [root = "", check = "", ...inCheck] = place;
  const about = root === "checks" && check !== "" ? checkTexts(check.split(" ")[0]!) : undefined;
  if (about?.known) {
    const instance = check.split(" ").slice(1).join(" ");
    const [setting = "", ...deeper] = inCheck[0] === "settings" ? inCheck.slice(1) : inCheck;
    const label = inCheck[0] === "settings" ? about.settingLabel(setting) : (commonSettings[setting] ?? fields[setting] ?? setting);
    return join([fields[root] ?? root, `${about.name} ${instance}`.trim(), ...(setting ? [label] : []), ...deeper], {});
  }
  return join(place, fields);
}

/** Numbers of a list stand with the list, counted from one. */
function join(place: Place, fields: Readonly<Record<string, string>>): string {
  return place.reduce((words, segment, index) => {
    if (index === 0) return fields[segment] ?? segment;
    return /^\d+$/.test(segment) ? `${words} ${Number(segment) + 1}` : `${words} · ${fields[segment] ?? segment}`;
  }, "");
}

const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z$/;

/** A value in a line, with the unit that its field's name ends in; a moment in the reader's time. */
export function wordsOfValue(place: Place, value: unknown, format: Format): string {
  if (typeof value === "string" && isMoment.test(value)) return format.dateTime(Date.parse(value));
  return writeSetting(place.at(-1) ?? "", value, format);
}
