/** Of whom the provider wants a second factor, and whether somebody owes one. */
import type { Role } from "@hauswart/protocol/roles.ts";
import type { ProviderSettings } from "@hauswart/protocol/api/models.ts";
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { z } from "zod";
import type { Context } from "../../context.ts";

/** Whether the provider wants a second factor of this role. */
export function isFactorRequired(setting: z.infer<typeof ProviderSettings>["secondFactor"], role: Role): boolean {
  return setting === "all" || (setting === "owners-and-administrators" && (role === "owner" || role === "administrator"));
}

/**
 * For the query that finds a session `s` with its account `a`: whether it owes a second factor. Sessions that an identity
 * provider or the server's own computer vouched for owe none.
 */
export const owesFactorColumn = `(not s.has_second_factor
    and case (select p.settings ->> 'secondFactor' from hauswart.provider p where p.provider_id = a.provider_id)
          when 'all' then true when 'owners-and-administrators' then a.role in ('owner', 'administrator') else false end
    and not exists (select from hauswart.account_totp t where t.provider_id = a.provider_id and t.account_id = a.account_id and t.confirmed_at is not null)
    and not exists (select from hauswart.passkey k where k.provider_id = a.provider_id and k.account_id = a.account_id)) as owes_factor`;

/** What a session may do that owes a second factor: see who it is, set one up, leave. */
const openRoutes: ReadonlySet<RouteName> = new Set<RouteName>([
  "getSession",
  "endSession",
  "getFactors",
  "beginProof",
  "proveSession",
  "beginTotp",
  "confirmTotp",
  "beginPasskey",
  "createPasskey",
]);

/** Whether a session that owes a second factor may call this route. */
export const isOpenWithoutFactor = (name: RouteName): boolean => openRoutes.has(name);

/** Errors: SECOND_FACTOR_SETUP_REQUIRED. */
export function requireFactorIfOwed({ owesFactor }: Context, name: RouteName): void {
  if (owesFactor === true && !isOpenWithoutFactor(name)) throw new HauswartError("SECOND_FACTOR_SETUP_REQUIRED");
}
