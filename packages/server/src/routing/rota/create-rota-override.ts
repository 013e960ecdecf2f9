import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { requireAllCustomers, requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { isoTime } from "../../times.ts";
import { followRota } from "../escalation/follow-rota.ts";
import { routingHours } from "../hours.ts";
import { readRota } from "../rotas.ts";
import { requirePeople } from "./save-rota.ts";

const mostMs = 62 * 86_400_000;

/** Lets somebody stand in for whoever would be on call; what waits for the next shift follows at once. Errors: FORBIDDEN, NOT_FOUND, INVALID_REQUEST (time, layer, person). */
export async function createRotaOverride({ ctx, input }: Verb<Input<"createRotaOverride">>): Promise<Result<"createRotaOverride">> {
  requireScope(ctx, "findings:write");
  requireAllCustomers(ctx);
  const { rotaId, layer, accountId, note } = input;
  const [fromMs, untilMs] = [Date.parse(input.from), Date.parse(input.until)];
  const wrong = (path: string, message: string) => new HauswartError("INVALID_REQUEST", undefined, { issues: [{ path, message }] });
  if (untilMs <= fromMs || untilMs - fromMs > mostMs) throw wrong("body.until", "After the beginning, and at most 62 days after it.");
  const overrideId = newId(ctx.services.clock.now());
  const hours = await routingHours(ctx.services, ctx.providerId);
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rota = await readRota(tx, ctx, rotaId);
    if (!rota.layers[layer]) throw wrong("body.layer", "The rota has no such layer.");
    await requirePeople(tx, ctx, [accountId], "body.accountId");
    const made = { overrideId, rotaId, layer, accountId, from: isoTime(fromMs), until: isoTime(untilMs), note };
    await tx.sql(
      "insert into hauswart.rota_override (provider_id, override_id, rota_id, layer, account_id, from_at, until_at, note) values ($1, $2, $3, $4, $5, $6, $7, $8)",
      [ctx.providerId, overrideId, rotaId, layer, accountId, made.from, made.until, note],
    );
    await audit(tx, ctx, { action: "rota-override.create", subject: { kind: "rota", id: rotaId }, customerId: null, detail: made });
    await followRota(tx, ctx, hours);
    return made;
  });
}
