/**
 * When wrong passwords lock. Pure.
 *
 * Wrong passwords are counted per account and per network address. After so many in a row the door stays shut: a minute,
 * then twice as long with each further wrong password, up to an hour. Attempts at a shut door are refused unread and do
 * not prolong it. A day without a wrong password forgets the count.
 *
 * - The account's count defends one account against many addresses. Because anybody can run it up, it does not hold for
 *   addresses from which that account has signed in lately: its owner gets in from the usual place while others are locked.
 * - The address's count defends all accounts against one address, and holds always. It allows more, because an office has
 *   one address for many people. IPv6 is counted by /64, which is what one subscriber has.
 * - A right password clears the account's count, never the address's: else an own account would buy new attempts.
 */
import { isIPv6 } from "node:net";

export type FailureKind = "account" | "address";

/** Wrong passwords that cost nothing; requests for a new password are counted the same way. */
export const freeFailures: Readonly<Record<FailureKind | "password-reset", number>> = { account: 10, address: 30, "password-reset": 10 };
const firstLockMs = 60_000;
const longestLockMs = 3_600_000;
/** A count without a new failure for so long starts again. */
export const forgottenAfterMs = 24 * 3_600_000;
/** So long an address counts as known after a sign-in from it. */
export const knownAddressMs = 90 * 24 * 3_600_000;

export interface Failures {
  readonly failures: number;
  /** Unix time in milliseconds of the last one. */
  readonly lastAt: number;
}

/** For how many milliseconds more the door is shut; 0 when it is open. */
export function lockedForMs(kind: keyof typeof freeFailures, { failures, lastAt }: Failures, now: number): number {
  const beyond = failures - freeFailures[kind];
  if (beyond < 0 || now - lastAt >= forgottenAfterMs) return 0;
  const lock = Math.min(firstLockMs * 2 ** Math.min(beyond, 20), longestLockMs);
  return Math.max(0, lastAt + lock - now);
}

/** The count after one more wrong password. */
export function oneMore({ failures, lastAt }: Failures, now: number): Failures {
  return { failures: now - lastAt >= forgottenAfterMs ? 1 : failures + 1, lastAt: now };
}

/** Under which key an address is counted and remembered: IPv4 whole, IPv6 by its first 64 bits. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("%")[0]!.toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups =
    tail === undefined
      ? before
      : [...before, ...Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => "0"), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
