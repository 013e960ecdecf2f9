/** Housekeeping of access: what is over and teaches nothing any more. */
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { knownAddressMs } from "./lock-out.ts";
import { forgetOldFailures } from "./sign-in-attempts.ts";

/** Drops old counts of wrong passwords and sessions that no longer vouch for an address. Run it once a day. */
export async function forgetEndedAccess(services: Services): Promise<void> {
  const now = services.clock.now();
  await services.database.unwalled("forget ended sessions", async (tx) => {
    await forgetOldFailures(tx, now);
    await tx.sql("delete from hauswart.session where created_at < $1 and (ended_at is not null or expires_at < $2)", [
      isoTime(now - knownAddressMs),
      isoTime(now),
    ]);
  });
}
