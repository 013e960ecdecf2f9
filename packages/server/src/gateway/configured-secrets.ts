/** Opens secret settings for the agents that are about to be configured with them, and for nobody else. */
import type { Id } from "@hauswart/protocol/ids.ts";
import { secretIdOf, secretSettingsOf } from "@hauswart/protocol/secret-settings.ts";
import type { CheckInstance, Configure } from "@hauswart/protocol/wire/messages.ts";
import type { CheckLayout } from "../ingest/check-layout.ts";
import { whatFits } from "../policies/agent-limits.ts";
import { placeOfSecret } from "../policies/policy-secrets.ts";
import type { CheckRegistry, Services } from "../services.ts";

/** What these agents are to be told to run, with the secrets that it takes. */
export type Configurations = (layout: CheckLayout) => Configure;

/** Reads the secrets of many devices of one provider in one go; asks nothing where none is needed. */
export async function openConfigurations(services: Services, providerId: Id, layouts: readonly CheckLayout[]): Promise<Configurations> {
  const secretsIn = (check: CheckInstance) => references(services.checks, check).map(({ secretId }) => secretId);
  const wanted = new Set([...new Set(layouts)].flatMap((layout) => layout.configure().checks.flatMap(secretsIn)));
  const opened = new Map<Id, string>();
  if (wanted.size > 0) {
    const rows = await services.database.transaction({ providerId, customers: "*" }, (tx) =>
      tx.sql<{ secret_id: Id; sealed: Buffer }>(
        "select secret_id, sealed from hauswart.policy_secret where provider_id = $1 and secret_id = any ($2::uuid[])",
        [providerId, [...wanted]],
      ),
    );
    for (const { secret_id, sealed } of rows)
      opened.set(secret_id, services.secrets.open(sealed, placeOfSecret(providerId, secret_id)).toString());
  }
  return (layout) => {
    const { revision, checks } = layout.configure();
    const whole = checks.map((check) => withSecrets(services.checks, check, opened));
    const fitting = whatFits(whole);
    // Policies have seen to it, but for secrets that are longer than their references.
    if (fitting.size < whole.length)
      services.log.error("an agent is told a part of its checks: all of them would not fit in one message", {
        checks: whole.filter((check) => !fitting.has(check)).map(({ check, instance }) => `${check}/${instance}`),
      });
    return { type: "configure", revision, checks: whole.filter((check) => fitting.has(check)) };
  };
}

/**
 * Only of settings that are declared secret: a reference that somebody writes into another setting stays what it is, or the agent
 * would tell the secret as the name of its target.
 */
function references(registry: CheckRegistry, { check, selection }: CheckInstance): { name: string; secretId: Id }[] {
  const definition = registry.get(check)?.definition;
  return (definition ? secretSettingsOf(definition) : []).flatMap((name) => {
    const secretId = secretIdOf(selection[name]);
    return secretId === undefined ? [] : { name, secretId };
  });
}

/** A secret that is no more is empty: the check says then that it has none. */
function withSecrets(registry: CheckRegistry, check: CheckInstance, opened: ReadonlyMap<Id, string>): CheckInstance {
  const found = references(registry, check);
  if (found.length === 0) return check;
  const secrets = Object.fromEntries(found.map(({ name, secretId }) => [name, opened.get(secretId) ?? ""]));
  return { ...check, selection: { ...check.selection, ...secrets } };
}
