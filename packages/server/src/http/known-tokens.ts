import { hashOfToken } from "../access/tokens.ts";

/** So many at most; the one that was used longest ago is forgotten first. */
const mostKnown = 10_000;

/**
 * Tokens that this process let in lately. Who has one of them is not kept out by others behind the same address who make theirs up: one
 * infected computer could otherwise lock out a whole office, or a mobile network's customers.
 */
export class KnownTokens {
  readonly #hashes = new Set<string>();

  has(token: string): boolean {
    return this.#hashes.has(keyOf(token));
  }

  /** Somebody was let in by it. */
  note(token: string): void {
    const key = keyOf(token);
    this.#hashes.delete(key);
    this.#hashes.add(key);
    if (this.#hashes.size > mostKnown) this.#hashes.delete(this.#hashes.values().next().value!);
  }

  /** It was refused: it has ended, or was taken back. */
  forget(token: string): void {
    this.#hashes.delete(keyOf(token));
  }

  /** Tokens that are remembered. */
  get size(): number {
    return this.#hashes.size;
  }
}

const keyOf = (token: string): string => hashOfToken(token).toString("base64url");
