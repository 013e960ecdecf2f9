import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { PublicVerb } from "../context.ts";
import { healthOf } from "./get-health.ts";

/** Says yes when the server takes agents and requests. Errors: NOT_READY. */
export async function getReadiness({ caller }: PublicVerb<Input<"getReadiness">>): Promise<Result<"getReadiness">> {
  const health = await healthOf(caller.services);
  if (health.status !== "ok") throw new HauswartError("NOT_READY", health.problems.join(" "), { retryAfterSeconds: 5 });
  return health;
}
