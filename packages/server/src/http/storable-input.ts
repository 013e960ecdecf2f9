/** Texts that PostgreSQL cannot hold are refused at the door, not by an error deep inside. */
import type { Issue } from "../policies/validate-policy.ts";

/** Deeper than any schema of ours. */
const deepest = 40;

/** Looks for NUL characters, lone surrogates and nesting without end. Not recursive: the nesting is what it looks for. */
export function findUnstorable(value: unknown, name: string): Issue | undefined {
  const waiting: { value: unknown; path: string; depth: number }[] = [{ value, path: name, depth: 0 }];
  for (let current = waiting.pop(); current; current = waiting.pop()) {
    const { value: part, path, depth } = current;
    if (typeof part === "string" && !isStorable(part))
      return { path, message: "The text contains a character that cannot be stored (NUL or half of a surrogate pair)." };
    if (typeof part !== "object" || part === null) continue;
    if (depth === deepest) return { path: name, message: `This is nested deeper than ${deepest} levels.` };
    for (const [key, field] of Object.entries(part)) {
      if (!isStorable(key)) return { path, message: "A name contains a character that cannot be stored." };
      waiting.push({ value: field, path: `${path}.${key}`, depth: depth + 1 });
    }
  }
  return undefined;
}

const isStorable = (text: string) => text.isWellFormed() && !text.includes("\0");
