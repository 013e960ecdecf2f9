/** People who are signed in, without their having to be invited first. */
import type { Reach } from "@hauswart/protocol/api/models.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import type { Role } from "@hauswart/protocol/roles.ts";
import { hashOfToken, newToken } from "@hauswart/server/access/tokens.ts";
import { randomBytes } from "node:crypto";
import type { Services } from "@hauswart/server/services.ts";

export interface SeededPerson {
  readonly accountId: Id;
  readonly sessionId: Id;
  readonly email: string;
  readonly name: string;
  /** Of a session that has just begun. */
  readonly token: string;
}

export interface PersonOptions {
  readonly role?: Role;
  /** All customers unless given. */
  readonly reach?: Reach;
  readonly email?: string;
  /** As hashPassword makes it; without one no password fits. */
  readonly passwordHash?: string;
}

/** Of 256 bits that nobody has kept. */
const nobodysHash = Bun.password.hashSync(randomBytes(32).toString("base64url"), { algorithm: "argon2id", memoryCost: 8, timeCost: 1 });

/** An account with a session of a provider: a technician for all customers, unless said otherwise. */
export async function seedPerson(
  { database, clock }: Pick<Services, "database" | "clock">,
  { providerId }: { readonly providerId: Id },
  { role = "technician", reach = { mode: "all", customerIds: [] }, email, passwordHash = nobodysHash }: PersonOptions = {},
): Promise<SeededPerson> {
  const [accountId, sessionId, token] = [newId(clock.now()), newId(clock.now()), newToken("session")];
  const person = { accountId, sessionId, token, email: email ?? `${accountId}@hauswart.test`, name: `${role} ${accountId.slice(-4)}` };
  const now = new Date(clock.now());
  await database.unwalled("seed of a test", async (tx) => {
    await tx.sql(
      `insert into hauswart.account (provider_id, account_id, email, name, role, reach, customer_ids, language, password_hash, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, 'en', $8, $9)`,
      [providerId, accountId, person.email, person.name, role, reach.mode, reach.customerIds, passwordHash, now],
    );
    await tx.sql(
      `insert into hauswart.session (provider_id, session_id, account_id, token_hash, created_at, last_used_at, expires_at, address, user_agent)
       values ($1, $2, $3, $4, $5, $5, $5::timestamptz + interval '7 days', '192.0.2.7', 'test')`,
      [providerId, sessionId, accountId, hashOfToken(token), now],
    );
  });
  return person;
}
