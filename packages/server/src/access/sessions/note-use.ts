/**
 * What becomes of a session that is used elsewhere than where it began: somebody may have taken its cookie along.
 *
 * A session belongs to the browser that signed in. Used by another browser, or under another system, it ends at once and the
 * person is told; browsers do not change on their way, and their updates change the version only. Networks do change, all day for
 * whoever works from a phone or a notebook, so they end nothing and are shown, each with its last use, where one sees one's sessions.
 * A session that a program opened is bound to no browser: programs say of themselves what they like.
 */
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { browserOf, isSameBrowser, isWhole } from "@hauswart/protocol/user-agent.ts";
import { audit } from "../../audit/audit.ts";
import type { Caller } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { tellOfSecurity } from "../../mail/tell-of-security.ts";
import { isoTime } from "../../times.ts";
import { announceAccess } from "../accounts/announce-access.ts";
import { networkOf } from "../lock-out.ts";
import { useNotedEveryMs } from "../session-lifetime.ts";

/** One place from which a session was used, as the database keeps it. */
export interface SessionUse {
  readonly address: string;
  readonly userAgent: string;
  /** ISO 8601: the last use from there, to the minute. */
  readonly at: string;
}

/** Networks that are remembered of a session. */
const usesKept = 5;
/** As much of what a browser says of itself is kept. */
const userAgentKept = 300;

export interface UsedSession {
  readonly provider_id: Id;
  readonly session_id: Id;
  readonly account_id: Id;
  /** Of the sign-in. */
  readonly user_agent: string;
  readonly uses: readonly SessionUse[];
  readonly email: string;
  readonly language: Language;
}

type From = Pick<Caller, "services" | "address" | "userAgent">;

/** A use at this moment; signing in is the first. */
export const newUse = ({ services, address, userAgent }: From): SessionUse => ({
  address,
  userAgent: userAgent.slice(0, userAgentKept),
  at: isoTime(services.clock.now()),
});

/** Writes down from where a session is used, at most once a minute and network. @returns false when that has ended it */
export async function noteUse(tx: Tx, session: UsedSession, from: From): Promise<boolean> {
  if (isStolen(session, from)) {
    await endStolen(tx, session, from);
    return false;
  }
  const nowMs = from.services.clock.now();
  const network = networkOf(from.address);
  const before = session.uses.find(({ address }) => networkOf(address) === network);
  if (before !== undefined && nowMs - Date.parse(before.at) < useNotedEveryMs) return true;
  const use = newUse(from);
  await tx.sql("update hauswart.session set last_used_at = $3, uses = $4 where provider_id = $1 and session_id = $2", [
    session.provider_id,
    session.session_id,
    use.at,
    JSON.stringify([use, ...session.uses.filter((one) => one !== before)].slice(0, usesKept)),
  ]);
  return true;
}

function isStolen(session: UsedSession, from: From): boolean {
  // As it was kept at the sign-in: what stands behind that tells nothing.
  const { userAgent } = newUse(from);
  if (session.user_agent === userAgent) return false;
  const signedIn = browserOf(session.user_agent);
  return isWhole(signedIn) && !isSameBrowser(signedIn, browserOf(userAgent));
}

/** Once, however many requests come with the cookie. */
async function endStolen(tx: Tx, session: UsedSession, from: From): Promise<void> {
  const { services, address } = from;
  const { userAgent } = newUse(from);
  const { provider_id: providerId, session_id: sessionId, account_id: accountId } = session;
  const ended = await tx.sql(
    "update hauswart.session set ended_at = $3 where provider_id = $1 and session_id = $2 and ended_at is null returning 1",
    [providerId, sessionId, isoTime(services.clock.now())],
  );
  if (ended.length === 0) return;
  const ctx = { services, providerId, actor: { kind: "system", id: "session-watch", name: "session-watch" }, address } as const;
  const [signedIn, used] = [browserOf(session.user_agent), browserOf(userAgent)];
  await audit(tx, ctx, {
    action: "session.end-stolen",
    subject: { kind: "session", id: sessionId },
    customerId: null,
    detail: { accountId, signedIn, used, userAgent },
  });
  await tellOfSecurity(tx, ctx, [session], { kind: "session-stolen", signedIn, used, address });
  announceAccess(tx, ctx, [accountId]);
}
