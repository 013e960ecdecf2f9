/** Keeps secrets out of logs: by the name of a field, and by the shape of credentials in addresses. */

/** A field of such a name never reaches a log, whatever it holds. */
const secretName = /password|passphrase|secret|token|authorization|cookie|private_?key|api_?key|credentials?$|challenge$/i;

/** Names that the pattern catches although they only say which or when, not what. */
const harmlessName = /(id|ids|count|at|hash|kind|name|uses_?left)$/i;

/** user:password@ in an address. */
const credentialsInAddress = /([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*(?::[^\s/@]*)?@/gi;

/** Secrets in the query of an address; `sig` is that of Azure and Power Automate. */
const secretInQuery = /([?&](?:[^=&\s]*(?:token|key|secret|password|code|signature)[^=&\s]*|sig)=)[^&\s#"']+/gi;

const hidden = "[hidden]";

/** How deep a logged value is followed; what lies deeper is cut off. */
const deepest = 6;

/** A text without credentials in the addresses that it contains. */
export function redactText(text: string): string {
  return text.replace(credentialsInAddress, `$1${hidden}@`).replace(secretInQuery, `$1${hidden}`);
}

/** A copy of the value that can be logged: secrets hidden, errors as name, code, message and stack, byte arrays as their length. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (depth >= deepest) return "[too deep]";
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((element) => redact(element, depth + 1));
  if (value instanceof Map) return redact(Object.fromEntries(value), depth);
  if (value instanceof Set) return redact([...value], depth);
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      isSecret(name) && field !== undefined && field !== null ? hidden : redact(field, depth + 1),
    ]),
  );
}

function isSecret(name: string): boolean {
  return secretName.test(name) && !harmlessName.test(name);
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    message: redactText(error.message),
    ...(error.stack ? { stack: redactText(error.stack) } : {}),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
  };
}
