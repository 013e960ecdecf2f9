import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { readDevice } from "./device-row.ts";

/** One device, also when it was revoked. Errors: FORBIDDEN, NOT_FOUND. */
export async function getDevice({ ctx, input }: Verb<Input<"getDevice">>): Promise<Result<"getDevice">> {
  requireScope(ctx, "devices:read");
  return ctx.services.database.transaction(ctx, (tx) => readDevice(tx, ctx, input.deviceId));
}
