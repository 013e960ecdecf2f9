/** What of a list's address belongs to a view: filters and sorting, not what happens to be open. Pure, tested beside. */

type Search = Readonly<Record<string, unknown>>;

/** Names in the address that say what is open and not what is shown. */
const passing: ReadonlySet<string> = new Set(["saved", "finding", "mail", "view", "entry", "enrol", "add"]);

/** Stands for "no view" where a view would be named, so that the usual one does not come by itself. */
export const noView = "none";

/** The part of an address that a view keeps, in a fixed order. */
export function viewSearchOf(search: Search): string {
  const pairs = Object.entries(search)
    .filter(([name, value]) => !passing.has(name) && value !== undefined && value !== null && value !== "")
    .map(([name, value]) => [name, String(value)] as [string, string]);
  return new URLSearchParams(pairs.sort(([one], [other]) => (one < other ? -1 : 1))).toString();
}

/** What a view keeps, as an address holds it. */
export const searchOfView = (text: string): Record<string, string> => Object.fromEntries(new URLSearchParams(text));

/** Whether nothing is filtered or sorted. The customer to whom the whole console is narrowed does not count. */
export const isBare = (search: Search): boolean => viewSearchOf({ ...search, customer: undefined }) === "";

/** Whether two views show the same rows. */
export const isSameSearch = (one: string, other: string): boolean => viewSearchOf(searchOfView(one)) === viewSearchOf(searchOfView(other));
