/** Names in settings: written out, or with * for any characters. */

const compiled = new Map<string, RegExp>();

function compile(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  const made = new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
    "s",
  );
  // Settings change seldom; a bound keeps a long-lived agent from collecting the patterns of years.
  if (compiled.size >= 1_000) compiled.clear();
  compiled.set(pattern, made);
  return made;
}

/** Whether one of the patterns fits the whole name. No pattern, no fit. */
export function fitsAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => (pattern.includes("*") ? compile(pattern).test(name) : pattern === name));
}
