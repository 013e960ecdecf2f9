/** Values as they are hashed and stored: canonical JSON (RFC 8785), SHA-256. */
import canonicalize from "canonicalize";
import { createHash } from "node:crypto";

/**
 * A copy of the value that PostgreSQL's jsonb gives back unchanged: what JSON cannot say is dropped, lone surrogates become
 * U+FFFD and NUL characters are taken out, because jsonb takes neither.
 */
export function storable(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null), (_, part: unknown) => {
    if (typeof part === "string") return cleanText(part);
    if (typeof part === "object" && part !== null && !Array.isArray(part)) return withCleanNames(part as Record<string, unknown>);
    return part;
  });
}

const cleanText = (text: string) => text.toWellFormed().replaceAll("\0", "");

function withCleanNames(part: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(part).map(([name, field]) => [cleanText(name), field]));
}

/** Canonical JSON of a value that `storable` has passed. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("This value has no JSON form.");
  return text;
}

/** SHA-256 over the concatenated parts; strings as UTF-8. */
export function sha256(...parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}
