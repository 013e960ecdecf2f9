/** What an entry of the audit log says was before and after, place by place. Pure, tested beside. */

export interface Difference {
  /** `name`, `settings.warnBelow`, `assignments.0.scope`. */
  readonly place: string;
  /** undefined: it was not there. */
  readonly before: unknown;
  /** undefined: it is there no more. */
  readonly after: unknown;
}

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** Every value with the way to it; empty lists and objects are values. */
function flatten(value: unknown, place: string, into: Map<string, unknown>): Map<string, unknown> {
  const inner: [string, unknown][] = Array.isArray(value)
    ? value.map((one, index) => [String(index), one])
    : isObject(value)
      ? Object.entries(value)
      : [];
  if (inner.length === 0) into.set(place, value);
  for (const [name, one] of inner) flatten(one, place === "" ? name : `${place}.${name}`, into);
  return into;
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/**
 * What differs between `before` and `change` (or `after`) of an entry, and what else it says. A change names only what somebody
 * wanted to change; what it does not name stayed.
 */
export function readDetail(detail: Fields): { differences: Difference[]; rest: { place: string; value: unknown }[] } {
  const { before, change, after, ...others } = detail;
  const changed = isObject(change) ? change : isObject(after) ? after : undefined;
  if (!isObject(before) || !changed) {
    const rest = Object.keys(detail).length === 0 ? [] : [...flatten(detail, "", new Map())].map(([place, value]) => ({ place, value }));
    return { differences: [], rest };
  }
  const named =
    isObject(after) && !isObject(change) ? before : Object.fromEntries(Object.entries(before).filter(([name]) => name in changed));
  const [was, becomes] = [flatten(named, "", new Map()), flatten(changed, "", new Map())];
  const differences = [...new Set([...was.keys(), ...becomes.keys()])]
    .filter((place) => place !== "" && !same(was.get(place), becomes.get(place)))
    .map((place) => ({ place, before: was.get(place), after: becomes.get(place) }));
  const rest = Object.keys(others).length === 0 ? [] : [...flatten(others, "", new Map())].map(([place, value]) => ({ place, value }));
  return { differences, rest };
}

/** A value in a line. */
export function writeDetail(value: unknown): string {
  if (value === undefined) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}
