/** Counts wrong passwords in the database; the rules stand in lock-out.ts. */
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { createHash } from "node:crypto";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { lockedForMs, networkOf, oneMore, forgottenAfterMs, type FailureKind, type Failures } from "./lock-out.ts";

/** One attempt: which account by its e-mail address as typed, from where. */
export interface Attempt {
  readonly email: string;
  readonly address: string;
  /** The account has signed in from this address lately. */
  readonly fromKnownAddress: boolean;
}

/** What an attempt has changed, to take it back. */
export interface TakenAttempt {
  /** Unix time in milliseconds. */
  readonly takenAt: number;
  readonly before: Readonly<Record<FailureKind, Failures>>;
}

/**
 * Takes one attempt from both counts before the password is looked at, so that many attempts at once cannot slip through.
 * Errors: TOO_MANY_ATTEMPTS.
 */
export async function takeAttempt(services: Services, attempt: Attempt): Promise<TakenAttempt> {
  const now = services.clock.now();
  const { lockMs, before } = await services.database.unwalled("count a sign-in attempt", async (tx) => {
    const counts = await lockedCounts(tx, attempt, now);
    const shutMs = Math.max(
      lockedForMs("address", counts.address, now),
      attempt.fromKnownAddress ? 0 : lockedForMs("account", counts.account, now),
    );
    if (shutMs > 0) return { lockMs: shutMs, before: counts };
    for (const kind of ["account", "address"] as const) {
      const { failures, lastAt } = oneMore(counts[kind], now);
      await tx.sql("update hauswart.sign_in_failure set failures = $3, last_at = $4 where kind = $1 and key = $2", [
        kind,
        keyOf(kind, attempt),
        failures,
        isoTime(lastAt),
      ]);
    }
    return { lockMs: 0, before: counts };
  });
  if (lockMs > 0) throw new HauswartError("TOO_MANY_ATTEMPTS", undefined, { retryAfterSeconds: Math.ceil(lockMs / 1_000) });
  return { takenAt: now, before };
}

/** The password was right, and more is asked for: this one attempt was none; wrong ones before it still count, from when they were. */
export async function takeBackAttempt(tx: Tx, attempt: Attempt, { takenAt, before }: TakenAttempt): Promise<void> {
  for (const kind of ["account", "address"] as const) {
    await tx.sql(
      `update hauswart.sign_in_failure set failures = greatest(failures - 1, 0), last_at = case when last_at = $3 then $4 else last_at end
       where kind = $1 and key = $2`,
      [kind, keyOf(kind, attempt), isoTime(takenAt), isoTime(before[kind].lastAt)],
    );
  }
}

/** Everything was right: the account's count is cleared, the address gets this one attempt back. */
export async function returnAttempt(tx: Tx, attempt: Attempt): Promise<void> {
  await tx.sql("update hauswart.sign_in_failure set failures = 0 where kind = 'account' and key = $1", [keyOf("account", attempt)]);
  await tx.sql("update hauswart.sign_in_failure set failures = greatest(failures - 1, 0) where kind = 'address' and key = $1", [
    keyOf("address", attempt),
  ]);
}

/** The password was wrong. Writes where nothing changes, so that an unknown account costs the same commit as a known one. */
export async function keepAttempt(tx: Tx, attempt: Attempt): Promise<void> {
  await tx.sql("update hauswart.sign_in_failure set last_at = last_at where kind = 'account' and key = $1", [keyOf("account", attempt)]);
}

/** Housekeeping: drops counts that no longer count. */
export async function forgetOldFailures(tx: Tx, now: number): Promise<void> {
  await tx.sql("delete from hauswart.sign_in_failure where last_at < $1", [isoTime(now - forgottenAfterMs)]);
}

async function lockedCounts(tx: Tx, attempt: Attempt, now: number): Promise<Record<FailureKind, Failures>> {
  const keys = [keyOf("account", attempt), keyOf("address", attempt)];
  await tx.sql(
    `insert into hauswart.sign_in_failure (kind, key, failures, first_at, last_at)
     values ('account', $1, 0, $3, $3), ('address', $2, 0, $3, $3) on conflict do nothing`,
    [...keys, isoTime(now)],
  );
  const rows = await tx.sql<{ kind: FailureKind; failures: number; last_at: Date }>(
    `select kind, failures, last_at from hauswart.sign_in_failure
     where (kind = 'account' and key = $1) or (kind = 'address' and key = $2) order by kind for update`,
    keys,
  );
  const countOf = (kind: FailureKind): Failures => {
    const row = rows.find((candidate) => candidate.kind === kind);
    return row ? { failures: row.failures, lastAt: row.last_at.getTime() } : { failures: 0, lastAt: now };
  };
  return { account: countOf("account"), address: countOf("address") };
}

/** What was typed as an e-mail address is stored as its hash only: now and then it is a password. */
function keyOf(kind: FailureKind, { email, address }: Attempt): string {
  return kind === "address" ? networkOf(address) : createHash("sha256").update(email.trim().toLowerCase()).digest("hex");
}
