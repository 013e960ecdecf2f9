/** From a token to a context. The one place that decides who somebody is. */
import type { GrantableScope } from "@hauswart/protocol/api/route.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Caller, Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { owesFactorColumn } from "./factors/required-factor.ts";
import { rightsColumns, rightsOf, type RightsRow } from "./rights.ts";
import { sessionIdleMs, useNotedEveryMs } from "./session-lifetime.ts";
import { noteUse, type UsedSession } from "./sessions/note-use.ts";
import { hashOfToken, kindOfToken } from "./tokens.ts";

/**
 * Finds the session or key behind a token. Undefined when there is none, or it is over: also a session that is used by another
 * browser than the one that signed in. @param userAgent what the caller says of itself
 */
export async function authenticate(services: Services, token: string, address: string, userAgent: string): Promise<Context | undefined> {
  const kind = kindOfToken(token);
  if (kind !== "session" && kind !== "api-key") return undefined;
  const now = services.clock.now();
  const found = await services.database.unwalled(`find the ${kind} of a token`, (tx) =>
    kind === "session"
      ? contextOfSession(tx, hashOfToken(token), { services, address, userAgent })
      : contextOfKey(tx, hashOfToken(token), now),
  );
  return found && { services, address, ...found };
}

type Found = Omit<Context, "services" | "address">;

interface SessionRow extends RightsRow, UsedSession {
  name: string;
  owes_factor: boolean;
}

type From = Pick<Caller, "services" | "address" | "userAgent">;

async function contextOfSession(tx: Tx, hash: Buffer, from: From): Promise<Found | undefined> {
  const now = from.services.clock.now();
  const [row] = await tx.sql<SessionRow>(
    `select s.provider_id, s.session_id, s.account_id, s.user_agent, s.uses, a.name, a.email, a.language, ${rightsColumns}, ${owesFactorColumn}
     from hauswart.session s join hauswart.account a on a.provider_id = s.provider_id and a.account_id = s.account_id
     where a.disabled_at is null and s.token_hash = $1 and s.ended_at is null and s.expires_at > $2 and s.last_used_at > $3`,
    [hash, isoTime(now), isoTime(now - sessionIdleMs)],
  );
  if (!row || !(await noteUse(tx, row, from))) return undefined;
  const actor = { kind: "technician", id: row.account_id, name: row.name, sessionId: row.session_id } as const;
  return { providerId: row.provider_id, ...rightsOf(row), actor, language: row.language, owesFactor: row.owes_factor };
}

interface KeyRow {
  provider_id: Id;
  api_key_id: Id;
  name: string;
  scopes: GrantableScope[];
  customer_ids: Id[] | null;
  language: Language;
  last_used_at: Date | null;
}

async function contextOfKey(tx: Tx, hash: Buffer, now: number): Promise<Found | undefined> {
  const [row] = await tx.sql<KeyRow>(
    `select k.provider_id, k.api_key_id, k.name, k.scopes, k.customer_ids, p.language, k.last_used_at
     from hauswart.api_key k join hauswart.provider p on p.provider_id = k.provider_id
     where k.key_hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2)`,
    [hash, isoTime(now)],
  );
  if (!row) return undefined;
  if (row.last_used_at === null || now - row.last_used_at.getTime() >= useNotedEveryMs) {
    await tx.sql("update hauswart.api_key set last_used_at = $3 where provider_id = $1 and api_key_id = $2", [
      row.provider_id,
      row.api_key_id,
      isoTime(now),
    ]);
  }
  const actor = { kind: "api-key", id: row.api_key_id, name: row.name } as const;
  return { providerId: row.provider_id, customers: row.customer_ids ?? "*", scopes: new Set(row.scopes), actor, language: row.language };
}
