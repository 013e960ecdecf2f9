/** What an entry of the audit log says was before and after, place by place. Pure, tested beside. */

/** The way to a value: `["name"]`, `["checks", "disk-space", "settings", "warnBelow"]`, `["assignments", "0", "scope"]`. */
export type Place = readonly string[];

export interface Difference {
  readonly place: Place;
  /** undefined: it was not there. */
  readonly before: unknown;
  /** undefined: it is there no more. */
  readonly after: unknown;
}

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** Checks in a policy are told apart by what they check: one that goes must not shift the others. */
const nameOfItem = (item: unknown, index: number): string => {
  if (!isObject(item) || typeof item["check"] !== "string") return String(index);
  return typeof item["instance"] === "string" && item["instance"] !== "" ? `${item["check"]} ${item["instance"]}` : item["check"];
};

function partsOf(value: unknown): [string, unknown][] {
  if (!Array.isArray(value)) return isObject(value) ? Object.entries(value) : [];
  const names = value.map(nameOfItem);
  const areUnique = new Set(names).size === names.length;
  return value.map((one, index) => [areUnique ? names[index]! : String(index), one]);
}

interface Leaf {
  readonly place: Place;
  readonly value: unknown;
}

/** Every value with the way to it; empty lists and objects are values. */
function flatten(value: unknown, place: Place = [], into = new Map<string, Leaf>()): Map<string, Leaf> {
  const parts = partsOf(value);
  if (parts.length === 0 && place.length > 0) into.set(JSON.stringify(place), { place, value });
  for (const [name, one] of parts) flatten(one, [...place, name], into);
  return into;
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/**
 * What differs between `before` and `change` (or `after`) of an entry, and what else it says. A change names only what somebody
 * wanted to change; what it does not name stayed.
 */
export function readDetail(detail: Fields): { differences: Difference[]; rest: Leaf[] } {
  const { before, change, after, ...others } = detail;
  const changed = isObject(change) ? change : isObject(after) ? after : undefined;
  if (!isObject(before) || !changed) return { differences: [], rest: [...flatten(detail).values()] };
  const named =
    isObject(after) && !isObject(change) ? before : Object.fromEntries(Object.entries(before).filter(([name]) => name in changed));
  const [was, becomes] = [flatten(named), flatten(changed)];
  const differences = [...new Map([...was, ...becomes])]
    .filter(([key]) => !same(was.get(key)?.value, becomes.get(key)?.value))
    .map(([key, { place }]) => ({ place, before: was.get(key)?.value, after: becomes.get(key)?.value }));
  return { differences, rest: [...flatten(others).values()] };
}
