/**
 * JSON from an agent, made storable. PostgreSQL takes neither NUL nor half a surrogate pair in text; a device that sends
 * them (a service's name read from a broken registry) must harm nobody, itself included. Each is replaced by U+FFFD, which
 * shows that something stood there.
 */

const replacement = "\uFFFD";

/** Only an escape can bring such a character: bare ones are invalid in JSON, and the WebSocket has checked the UTF-8. */
const mayHoldUnstorable = (text: string) => text.includes("\\u") && /\\u(?:0000|[dD])/.test(text);

/** Text without NUL and lone surrogates. */
export const cleanText = (text: string) => text.replaceAll("\0", replacement).toWellFormed();

function clean(value: unknown): unknown {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), clean(inner)]));
}

/** Parses a message. Throws SyntaxError, and RangeError for nesting without end. */
export function parseMessage(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return mayHoldUnstorable(text) ? clean(value) : value;
}
