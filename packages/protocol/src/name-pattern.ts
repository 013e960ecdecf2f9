/** Names in settings: written out, or with * for any characters. Judges on the server and agents mean the same by them. */

/** Whether a pattern fits the whole name. */
export function fitsPattern(pattern: string, name: string): boolean {
  const [first = "", ...others] = pattern.split("*");
  if (others.length === 0) return pattern === name;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const [index, part] of others.entries()) {
    const at = index === others.length - 1 ? (part === "" ? name.length : name.lastIndexOf(part)) : name.indexOf(part, from);
    if (at < from) return false;
    from = at + part.length;
  }
  return from === name.length;
}
