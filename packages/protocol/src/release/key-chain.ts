/**
 * Release keys that follow one another. A build carries the set of keys of its time, with a number. A statement, signed by a key of the
 * set before, names the next set; whoever holds the statements gets from any set to the newest, as with the root of The Update Framework
 * (https://theupdateframework.github.io/specification/latest/, 5.3). Read by the agent's loader: by hand, without a schema library.
 *
 * Every release carries the statements until then beside its signatures: `"keys":[{"statement":"…","signatures":[…]}]`.
 */

/** The keys that are believed at a time. */
export interface KeySet {
  /** Counts the sets from 1; a higher one takes the place of those below. */
  readonly number: number;
  /** Raw Ed25519 public keys, base64. */
  readonly keys: readonly string[];
}

export interface Signature {
  /** Raw Ed25519 public key, base64; says which of our own keys to try. */
  readonly key: string;
  /** Base64. */
  readonly signature: string;
}

/** Names the next set of keys. */
export interface KeyStatement {
  /** A set as JSON, which is what is signed. */
  readonly statement: string;
  readonly signatures: readonly Signature[];
}

/** Checks a signature (base64) over a message with a raw Ed25519 public key (base64). */
export type VerifySignature = (publicKey: string, message: Uint8Array, signature: string) => boolean | Promise<boolean>;

const mostStatements = 32;
const mostKeys = 8;
const product = "hauswart-agent";

/** The exact bytes that a key of the set before signs. */
export const keyStatementProof = (statement: string): Uint8Array => new TextEncoder().encode(`hauswart/1/release-keys\n${statement}`);

/** The text of a statement. */
export const keyStatementText = ({ number, keys }: KeySet): string => JSON.stringify({ product, number, keys });

/** Takes statements apart without believing them. What is none is left out: it leads nowhere. */
export function parseKeyStatements(value: unknown): KeyStatement[] {
  if (!Array.isArray(value) || value.length > mostStatements) return [];
  return value.flatMap((each: unknown) => {
    const { statement, signatures } = (each ?? {}) as Record<string, unknown>;
    if (typeof statement !== "string" || !Array.isArray(signatures) || signatures.length > mostKeys) return [];
    const parsed = signatures.flatMap(parseSignature);
    return parsed.length === signatures.length ? { statement, signatures: parsed } : [];
  });
}

function parseSignature(value: unknown): Signature[] {
  const { key, signature } = (value ?? {}) as Record<string, unknown>;
  return typeof key === "string" && typeof signature === "string" ? [{ key, signature }] : [];
}

/**
 * Goes from a set to the newest that the statements lead to, one number after the other.
 * @returns that set, and the statements that led to it
 */
export async function followKeys(
  from: KeySet,
  statements: readonly KeyStatement[],
  verify: VerifySignature,
): Promise<{ readonly set: KeySet; readonly statements: readonly KeyStatement[] }> {
  let set = from;
  const used: KeyStatement[] = [];
  const named = statements.flatMap((statement) => {
    const next = parseSet(statement.statement);
    return next ? [{ statement, next }] : [];
  });
  for (const { statement, next } of named.sort((one, other) => one.next.number - other.next.number)) {
    if (next.number !== set.number + 1) continue;
    if (!(await isSignedBySet(keyStatementProof(statement.statement), statement.signatures, set, verify))) continue;
    set = next;
    used.push(statement);
  }
  return { set, statements: used };
}

/** Whether one of the keys of a set has signed a message. */
export async function isSignedBySet(
  message: Uint8Array,
  signatures: readonly Signature[],
  { keys }: KeySet,
  verify: VerifySignature,
): Promise<boolean> {
  for (const { key, signature } of signatures) if (keys.includes(key) && (await verify(key, message, signature))) return true;
  return false;
}

function parseSet(statement: string): KeySet | undefined {
  try {
    const { product: named, number, keys } = JSON.parse(statement) as Record<string, unknown>;
    if (named !== product || !Number.isInteger(number) || !Array.isArray(keys) || keys.length === 0 || keys.length > mostKeys)
      return undefined;
    return keys.every((key) => typeof key === "string") ? { number: number as number, keys } : undefined;
  } catch {
    return undefined;
  }
}
