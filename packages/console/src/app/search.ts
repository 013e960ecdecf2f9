/**
 * What stands after the question mark. Every value is a plain text, so that addresses can be read, typed and shortened; what
 * does not fit is dropped and the page shows its default.
 */
type Search = Record<string, unknown>;

/** A free text; undefined when empty. */
export const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value.slice(0, 500) : undefined);

/** One of these, else undefined. */
export const oneOf =
  <const Values extends readonly string[]>(...values: Values) =>
  (value: unknown): Values[number] | undefined =>
    values.find((one) => one === value);

/** A validator from one reader per parameter. */
export const searchOf =
  <Readers extends Record<string, (value: unknown) => unknown>>(readers: Readers) =>
  (search: Search): { [Name in keyof Readers]?: ReturnType<Readers[Name]> } => {
    const found: Search = {};
    for (const [name, read] of Object.entries(readers)) {
      const value = read(search[name]);
      if (value !== undefined) found[name] = value;
    }
    return found as { [Name in keyof Readers]?: ReturnType<Readers[Name]> };
  };

/** Reads `?a=b` into texts. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/** Writes texts as `?a=b`; nothing for no texts. */
export function writeSearch(search: Search): string {
  const pairs = Object.entries(search).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const written = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return written ? `?${written}` : "";
}
