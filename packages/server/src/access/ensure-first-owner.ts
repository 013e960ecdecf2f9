/** What a server needs before anybody can sign in: a provider and an owner. */
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { audit } from "../audit/audit.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { hashPassword, newPassword } from "./passwords.ts";

/** E-mail address of the first owner when none was set; nothing is ever sent to it. */
export const unsetOwnerEmail = "owner@localhost";

export interface FirstOwner {
  /** The provider of this installation. */
  readonly providerId: Id;
  /** Set when an owner was made just now. */
  readonly created:
    | {
        readonly email: string;
        /** Made up, to be printed this once; undefined when it was set from outside. */ readonly password: string | undefined;
      }
    | undefined;
}

/**
 * Makes provider and owner at the first start; later starts find them and change nothing, whatever the settings say.
 * Two processes that start at once make them once.
 */
export async function ensureFirstOwner(services: Services): Promise<FirstOwner> {
  const { admin } = services.settings;
  const password = admin?.password ?? newPassword();
  const email = admin?.email ?? unsetOwnerEmail;
  const found = await services.database.unwalled("look for an owner", findOwner);
  if (found) return { providerId: found, created: undefined };
  const hash = await hashPassword(password);
  return services.database.unwalled("make the first owner", async (tx) => {
    await tx.sql("select pg_advisory_xact_lock(hashtextextended('hauswart.first-owner', 0))");
    const meanwhile = await findOwner(tx);
    if (meanwhile) return { providerId: meanwhile, created: undefined };
    const providerId = await ensureProvider(tx, services);
    const accountId = newId(services.clock.now());
    await tx.sql(
      "insert into hauswart.account (provider_id, account_id, email, name, role, password_hash, created_at) values ($1, $2, $3, $4, 'owner', $5, $6)",
      [providerId, accountId, email, email.split("@")[0], hash, isoTime(services.clock.now())],
    );
    const actor = { kind: "system", id: "start", name: "start" } as const;
    await audit(
      tx,
      { services, providerId, actor, address: "" },
      { action: "account.create", subject: { kind: "account", id: accountId }, customerId: null, detail: { email, role: "owner" } },
    );
    return { providerId, created: { email, password: admin ? undefined : password } };
  });
}

async function findOwner(tx: Tx): Promise<Id | undefined> {
  const [row] = await tx.sql<{ provider_id: Id }>(
    "select provider_id from hauswart.account where role = 'owner' order by created_at limit 1",
  );
  return row?.provider_id;
}

async function ensureProvider(tx: Tx, services: Services): Promise<Id> {
  const [row] = await tx.sql<{ provider_id: Id }>("select provider_id from hauswart.provider order by created_at limit 1");
  if (row) return row.provider_id;
  const providerId = newId(services.clock.now());
  await tx.sql("insert into hauswart.provider (provider_id, name, created_at) values ($1, 'Hauswart', $2)", [
    providerId,
    isoTime(services.clock.now()),
  ]);
  return providerId;
}
