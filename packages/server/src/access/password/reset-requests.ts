/** Counts requests for a new password per network address, whether the account exists or not. */
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Services } from "../../services.ts";
import { isoTime } from "../../times.ts";
import { lockedForMs, networkOf, oneMore } from "../lock-out.ts";

/** Takes one request. The rules are those of wrong passwords, but no request is ever given back. Errors: TOO_MANY_ATTEMPTS. */
export async function takeResetRequest({ database, clock }: Services, address: string): Promise<void> {
  const now = clock.now();
  const key = networkOf(address);
  const lockMs = await database.unwalled("count a request for a new password", async (tx) => {
    await tx.sql(
      "insert into hauswart.sign_in_failure (kind, key, failures, first_at, last_at) values ('password-reset', $1, 0, $2, $2) on conflict do nothing",
      [key, isoTime(now)],
    );
    const [row] = await tx.sql<{ failures: number; last_at: Date }>(
      "select failures, last_at from hauswart.sign_in_failure where kind = 'password-reset' and key = $1 for update",
      [key],
    );
    const count = { failures: row?.failures ?? 0, lastAt: row?.last_at.getTime() ?? now };
    const shutMs = lockedForMs("password-reset", count, now);
    if (shutMs > 0) return shutMs;
    const { failures, lastAt } = oneMore(count, now);
    await tx.sql("update hauswart.sign_in_failure set failures = $2, last_at = $3 where kind = 'password-reset' and key = $1", [
      key,
      failures,
      isoTime(lastAt),
    ]);
    return 0;
  });
  if (lockMs > 0) throw new HauswartError("TOO_MANY_ATTEMPTS", undefined, { retryAfterSeconds: Math.ceil(lockMs / 1_000) });
}
