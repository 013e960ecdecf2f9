import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { readProviderSettings } from "./provider-settings.ts";

/** The provider's settings. Errors: FORBIDDEN. */
export async function getSettings({ ctx }: Verb<Input<"getSettings">>): Promise<Result<"getSettings">> {
  requireScope(ctx, "settings:read");
  return ctx.services.database.transaction(ctx, (tx) => readProviderSettings(tx, ctx));
}
