/** Where a setting comes from, in names: which policy, and through what it reaches the device. */
import type { PolicySource } from "@hauswart/protocol/api/models.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { z } from "zod";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import type { Level, Source } from "./source.ts";

export type PresentSource = (source: Source) => z.infer<typeof PolicySource>;

/** Names are read now and not when the policy was resolved, so a renamed policy is called by its new name. */
const nameOfScope: Readonly<Record<Exclude<Level, "tag">, string>> = {
  provider: "select ''::text as id, name from hauswart.provider where provider_id = $1 and ''::text = any ($2::text[])",
  customer: "select customer_id::text as id, name from hauswart.customer where provider_id = $1 and customer_id::text = any ($2::text[])",
  site: "select site_id::text as id, name from hauswart.site where provider_id = $1 and site_id::text = any ($2::text[])",
  device: "select device_id::text as id, name from hauswart.device where provider_id = $1 and device_id::text = any ($2::text[])",
};

/** Reads the names that these sources need and returns how to say each of them. */
export async function presentSources(tx: Tx, ctx: Context, sources: readonly Source[]): Promise<PresentSource> {
  const said = sources.filter((source) => source.scope !== "default");
  const policies = await namesOf(
    tx,
    "select policy_id::text as id, name from hauswart.policy where provider_id = $1 and policy_id::text = any ($2::text[])",
    ctx.providerId,
    said.map(({ policyId }) => policyId),
  );
  const scopes = new Map<Level, Map<string, string>>();
  for (const [level, statement] of Object.entries(nameOfScope) as [Exclude<Level, "tag">, string][]) {
    const ids = said.filter(({ scope }) => scope === level).map(({ scopeId }) => scopeId);
    if (ids.length > 0) scopes.set(level, await namesOf(tx, statement, ctx.providerId, ids));
  }
  return (source) => {
    if (source.scope === "default") return { policyId: null, policyName: "", scope: "default", scopeName: "" };
    const scopeName = source.scope === "tag" ? source.scopeId : (scopes.get(source.scope)?.get(source.scopeId) ?? "");
    return { policyId: source.policyId, policyName: policies.get(source.policyId) ?? "", scope: source.scope, scopeName };
  };
}

async function namesOf(tx: Tx, statement: string, providerId: Id, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.sql<{ id: string; name: string }>(statement, [providerId, [...new Set(ids)]]);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
