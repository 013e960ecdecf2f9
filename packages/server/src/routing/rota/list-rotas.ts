import type { Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../../access/require-scope.ts";
import type { Verb } from "../../context.ts";
import { presentRota, readRotas } from "../rotas.ts";

/** On-call rotas by name. Errors: FORBIDDEN. */
export async function listRotas({ ctx }: Verb<unknown>): Promise<Result<"listRotas">> {
  requireScope(ctx, "findings:read");
  return ctx.services.database.transaction(ctx, async (tx) => ({ items: (await readRotas(tx, ctx)).map(presentRota) }));
}
