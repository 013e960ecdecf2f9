/** A policy while it is being edited: what changed, and how two people's changes come together. Pure, tested beside. */
import type { Policy, PolicyCheck } from "@hauswart/protocol/api/policies.ts";

export type Assignment = Pick<Policy["assignments"][number], "scope" | "scopeId">;

/** What an editor can change. */
export interface Draft {
  readonly name: string;
  readonly checks: readonly PolicyCheck[];
  readonly assignments: readonly Assignment[];
}

export const draftOf = (policy: Policy): Draft => ({
  name: policy.name,
  checks: policy.checks,
  assignments: policy.assignments.map(({ scope, scopeId }) => ({ scope, scopeId })),
});

/** A place in a policy that can be changed by itself. */
export type Place =
  | { readonly kind: "name" }
  | { readonly kind: "assignment"; readonly scope: Assignment["scope"]; readonly scopeId: string }
  | { readonly kind: "check"; readonly check: string; readonly instance: string }
  | { readonly kind: "common"; readonly check: string; readonly instance: string; readonly field: CommonField }
  | { readonly kind: "setting"; readonly check: string; readonly instance: string; readonly setting: string };

const commonFields = [
  "enabled",
  "everySeconds",
  "dailyAtHour",
  "failuresBeforeFinding",
  "badForMinutes",
  "goodSamples",
  "goodForMinutes",
  "recoverAt",
  "flapping",
] as const;
export type CommonField = (typeof commonFields)[number];

interface Entry {
  readonly place: Place;
  readonly value: unknown;
}
type Flat = Map<string, Entry>;

const keyOf = (place: Place) => JSON.stringify(place);

/** Every place that has a value. */
function flatten(draft: Draft): Flat {
  const flat: Flat = new Map();
  const put = (place: Place, value: unknown) => flat.set(keyOf(place), { place, value });
  put({ kind: "name" }, draft.name);
  for (const { scope, scopeId } of draft.assignments) put({ kind: "assignment", scope, scopeId }, true);
  for (const { check, instance, settings, ...rest } of draft.checks) {
    put({ kind: "check", check, instance }, true);
    for (const field of commonFields) if (rest[field] !== undefined) put({ kind: "common", check, instance, field }, rest[field]);
    for (const [setting, value] of Object.entries(settings)) put({ kind: "setting", check, instance, setting }, value);
  }
  return flat;
}

function unflatten(flat: Flat): Draft {
  let name = "";
  const assignments: Assignment[] = [];
  const checks = new Map<
    string,
    { check: string; instance: string; enabled: boolean; settings: Record<string, unknown>; [field: string]: unknown }
  >();
  const checkAt = (check: string, instance: string) => {
    const key = JSON.stringify([check, instance]);
    const known = checks.get(key) ?? { check, instance, enabled: true, settings: {} };
    checks.set(key, known);
    return known;
  };
  for (const { place, value } of flat.values()) {
    if (place.kind === "name") name = String(value);
    else if (place.kind === "assignment") assignments.push({ scope: place.scope, scopeId: place.scopeId });
    else if (place.kind === "check") checkAt(place.check, place.instance);
    else if (place.kind === "common") Object.assign(checkAt(place.check, place.instance), { [place.field]: value });
    else checkAt(place.check, place.instance).settings[place.setting] = value;
  }
  return { name, assignments, checks: [...checks.values()] as PolicyCheck[] };
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Whether a check as a whole came or went there: its settings are then not counted one by one. */
const comesWith = (place: Place, keys: ReadonlySet<string>) =>
  (place.kind === "common" || place.kind === "setting") && keys.has(keyOf({ kind: "check", check: place.check, instance: place.instance }));

/** Places that differ. A check that was taken in or out counts once. */
export function changesBetween(base: Draft, draft: Draft): Place[] {
  const [before, after] = [flatten(base), flatten(draft)];
  const places = [...new Map([...before, ...after]).values()]
    .map(({ place }) => place)
    .filter((place) => !same(before.get(keyOf(place))?.value, after.get(keyOf(place))?.value));
  const wholeChecks = new Set(places.filter(({ kind }) => kind === "check").map(keyOf));
  return places.filter((place) => !comesWith(place, wholeChecks));
}

/** A place that both sides changed, each in another way. undefined: not set there any more. */
export interface Conflict {
  readonly place: Place;
  readonly mine: unknown;
  readonly theirs: unknown;
}

/** Places that both changed differently; what only one side changed is no conflict. */
export function conflictsOf(base: Draft, mine: Draft, theirs: Draft): Conflict[] {
  const [was, ours, saved] = [flatten(base), flatten(mine), flatten(theirs)];
  return [...new Map([...was, ...saved, ...ours]).entries()]
    .map(([key, { place }]) => ({ place, was: was.get(key)?.value, mine: ours.get(key)?.value, theirs: saved.get(key)?.value }))
    .filter((one) => !same(one.mine, one.was) && !same(one.theirs, one.was) && !same(one.mine, one.theirs))
    .map(({ place, mine, theirs }) => ({ place, mine, theirs }));
}

/**
 * The saved policy with our changes in it.
 * @param takeTheirs keys of the places where the saved value shall stay, as `placeKey` gives them.
 */
export function mergeDrafts(base: Draft, mine: Draft, theirs: Draft, takeTheirs: ReadonlySet<string>): Draft {
  const [was, ours] = [flatten(base), flatten(mine)];
  const merged = flatten(theirs);
  const checkKey = (place: Place) => ("check" in place ? keyOf({ kind: "check", check: place.check, instance: place.instance }) : "");
  // Who keeps one saved value in a check that they had taken out keeps the whole check.
  const keptChecks = new Set([...merged].filter(([key]) => takeTheirs.has(key)).map(([, { place }]) => checkKey(place)));
  for (const [key, entry] of new Map([...was, ...ours])) {
    const value = ours.get(key)?.value;
    if (same(value, was.get(key)?.value) || takeTheirs.has(key)) continue;
    if (value === undefined && keptChecks.has(checkKey(entry.place)) && !ours.has(checkKey(entry.place))) continue;
    if (value === undefined) merged.delete(key);
    else merged.set(key, { place: entry.place, value });
  }
  return unflatten(merged);
}

export const placeKey = keyOf;
