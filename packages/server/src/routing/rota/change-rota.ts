import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireAllCustomers, requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { presentRota, readRota } from "../rotas.ts";
import { peopleIn, requirePeople } from "./save-rota.ts";

/** Changes an on-call rota; who is on call follows at once. Errors: FORBIDDEN, NOT_FOUND, INVALID_REQUEST (a person that is not there). */
export async function changeRota({ ctx, input }: Verb<Input<"changeRota">>): Promise<Result<"changeRota">> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  const { rotaId, name, timeZone, layers } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    const before = presentRota(await readRota(tx, ctx, rotaId));
    await requirePeople(tx, ctx, peopleIn(layers), "body.layers");
    await tx.sql("update hauswart.rota set name = $3, time_zone = $4, layers = $5::text::jsonb where provider_id = $1 and rota_id = $2", [
      ctx.providerId,
      rotaId,
      name,
      timeZone,
      JSON.stringify(layers),
    ]);
    await audit(tx, ctx, {
      action: "rota.change",
      subject: { kind: "rota", id: rotaId },
      customerId: null,
      detail: { before, change: { name, timeZone, layers } },
    });
    return { rotaId, name, timeZone, layers };
  });
}
