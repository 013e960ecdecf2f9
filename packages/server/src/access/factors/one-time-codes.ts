/** Codes that people read off paper or a terminal and type: recovery codes, and the owner's way in. Pure. */
import { createHash, randomInt } from "node:crypto";

/** Without letters that look alike. 32 letters, so five bits each. */
const letters = "abcdefghijkmnpqrstuvwxyz23456789";
const groups = 5;
const groupLetters = 4;

/** 100 random bits as five groups of four: `k3vd-x8qp-7mzr-abcd-2345`. */
export function newOneTimeCode(): string {
  const group = () => Array.from({ length: groupLetters }, () => letters[randomInt(letters.length)]).join("");
  return Array.from({ length: groups }, group).join("-");
}

/** What is stored of a code: SHA-256 of its letters, however they were typed. 100 random bits need no slow hash. */
export function hashOfOneTimeCode(code: string): Buffer {
  const typed = code
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "");
  return createHash("sha256").update("hauswart/1/one-time-code\n").update(typed).digest();
}
