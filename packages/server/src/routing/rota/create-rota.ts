import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { requireAllCustomers, requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { isoTime } from "../../times.ts";
import { peopleIn, requirePeople } from "./save-rota.ts";

/** Makes an on-call rota. Errors: FORBIDDEN, INVALID_REQUEST (a person that is not there). */
export async function createRota({ ctx, input }: Verb<Input<"createRota">>): Promise<Result<"createRota">> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  const nowMs = ctx.services.clock.now();
  const rotaId = newId(nowMs);
  const { name, timeZone, layers } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    await requirePeople(tx, ctx, peopleIn(layers), "body.layers");
    await tx.sql(
      "insert into hauswart.rota (provider_id, rota_id, name, time_zone, layers, created_at) values ($1, $2, $3, $4, $5::text::jsonb, $6)",
      [ctx.providerId, rotaId, name, timeZone, JSON.stringify(layers), isoTime(nowMs)],
    );
    await audit(tx, ctx, { action: "rota.create", subject: { kind: "rota", id: rotaId }, customerId: null, detail: input });
    return { rotaId, revision: 1, name, timeZone, layers };
  });
}
