/**
 * Secret settings on their way through the server: taken out of what a person sends before anything else is done with it, sealed,
 * and opened for the agent alone (gateway/configured-secrets.ts). Between the two there are references and nothing else.
 */
import type { PolicyCheck } from "@hauswart/protocol/api/policies.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { secretIdOf, secretReference, secretSettingsOf } from "@hauswart/protocol/secret-settings.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import type { SealedPlace } from "../secrets/sealed-box.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import type { Issue } from "./validate-policy.ts";

export interface FreshSecret {
  readonly secretId: Id;
  readonly value: string;
}

/** Where a policy's secret stands sealed. */
export const placeOfSecret = (providerId: Id, secretId: Id): SealedPlace => ({ table: "policy_secret", row: `${providerId}/${secretId}` });

/**
 * The checks with references in the place of secrets. Pure but for the new ids.
 * @param before the policy as it stands; only a secret that it holds for the same setting can be left as it is
 * Errors: INVALID_REQUEST for a reference to another secret, so that nobody can lend one from elsewhere.
 */
export function takeSecrets(
  { checks: registry, clock }: Pick<Services, "checks" | "clock">,
  said: readonly PolicyCheck[],
  before: readonly PolicyCheck[],
): { checks: PolicyCheck[]; fresh: FreshSecret[] } {
  const known = new Set(
    before.flatMap((check) => referencesIn(registry, check).map(({ name, secretId }) => keyOf(check.check, name, secretId))),
  );
  const fresh: FreshSecret[] = [];
  const issues: Issue[] = [];
  const checks = said.map((check, index) => {
    const settings = { ...check.settings };
    for (const name of secretNamesOf(registry, check)) {
      const value = settings[name];
      const secretId = secretIdOf(value);
      if (secretId !== undefined) {
        if (!known.has(keyOf(check.check, name, secretId)))
          issues.push({ path: `body.checks.${index}.settings.${name}`, message: "This policy holds no such secret; enter it anew." });
      } else if (typeof value === "string" && value !== "") {
        const id = newId(clock.now());
        fresh.push({ secretId: id, value });
        settings[name] = secretReference(id);
      }
    }
    return { ...check, settings };
  });
  if (issues.length > 0) throw new HauswartError("INVALID_REQUEST", undefined, { issues });
  return { checks, fresh };
}

const keyOf = (check: string, name: string, secretId: Id) => `${check}\n${name}\n${secretId}`;

function secretNamesOf(registry: Services["checks"], { check, settings }: PolicyCheck): string[] {
  const definition = registry.get(check)?.definition;
  return definition ? secretSettingsOf(definition).filter((name) => Object.hasOwn(settings, name)) : [];
}

function referencesIn(registry: Services["checks"], check: PolicyCheck): { name: string; secretId: Id }[] {
  return secretNamesOf(registry, check).flatMap((name) => {
    const secretId = secretIdOf(check.settings[name]);
    return secretId === undefined ? [] : { name, secretId };
  });
}

/** Seals new secrets beside their policy. */
export async function storeSecrets(
  tx: Tx,
  ctx: Context,
  policy: { readonly policyId: Id; readonly customerId: Id | null },
  fresh: readonly FreshSecret[],
): Promise<void> {
  const { providerId, services } = ctx;
  for (const { secretId, value } of fresh) {
    await tx.sql(
      "insert into hauswart.policy_secret (provider_id, secret_id, policy_id, customer_id, sealed, created_at) values ($1, $2, $3, $4, $5, $6)",
      [
        providerId,
        secretId,
        policy.policyId,
        policy.customerId,
        services.secrets.seal(Buffer.from(value), placeOfSecret(providerId, secretId)),
        isoTime(services.clock.now()),
      ],
    );
  }
}

/** Deletes the policy's secrets that it names no more. Should the process die before this, the next change does it. */
export async function forgetUnusedSecrets(ctx: Context, policyId: Id): Promise<void> {
  await ctx.services.database.transaction(ctx, (tx) =>
    tx.sql(
      `delete from hauswart.policy_secret s using hauswart.policy p
       where s.provider_id = $1 and s.policy_id = $2 and p.provider_id = s.provider_id and p.policy_id = s.policy_id
         and position($3 || s.secret_id::text in p.checks::text) = 0`,
      [ctx.providerId, policyId, secretReference("")],
    ),
  );
}
