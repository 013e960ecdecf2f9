/** Housekeeping of access: what is over and teaches nothing any more. */
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { invitationLifeMs } from "./invitations/invitation-row.ts";
import { forgetOldChallenges } from "./factors/challenges.ts";
import { forgetOldFailures } from "./sign-in-attempts.ts";

/** An invitation that has expired is shown for so long, to be sent again. */
const expiredInvitationMs = 30 * 24 * 3_600_000;

/** Drops old counts of wrong passwords and links that are over. Run it once a day. */
export async function forgetEndedAccess(services: Services): Promise<void> {
  const now = services.clock.now();
  await services.database.unwalled("forget ended access", async (tx) => {
    await forgetOldFailures(tx, now);
    await forgetOldChallenges(tx, now);
    await tx.sql("delete from hauswart.break_glass_code where expires_at < $1", [isoTime(now)]);
    await tx.sql("delete from hauswart.password_reset where expires_at < $1", [isoTime(now)]);
    await tx.sql("delete from hauswart.email_change where object_until < $1", [isoTime(now)]);
    await tx.sql("delete from hauswart.invitation where expires_at < $1", [isoTime(now - expiredInvitationMs)]);
    await tx.sql("update hauswart.mail set access_link = null where access_link is not null and created_at < $1", [
      isoTime(now - invitationLifeMs),
    ]);
  });
}
