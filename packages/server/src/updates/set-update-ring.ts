import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";

const tables = { customer: "customer", site: "site", device: "device" } as const;

/** Chooses the ring of a device, or of all devices of a site or customer. Errors: FORBIDDEN, NOT_FOUND. */
export async function setUpdateRing({ ctx, input }: Verb<Input<"setUpdateRing">>): Promise<Result<"setUpdateRing">> {
  requireScope(ctx, "devices:write");
  const { kind, subjectId, ring } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    const table = tables[kind];
    const [subject] = await tx.sql<{ customer_id: Id }>(
      `select customer_id from hauswart.${table} where provider_id = $1 and ${table}_id = $2`,
      [ctx.providerId, subjectId],
    );
    if (!subject) throw new HauswartError("NOT_FOUND");
    if (ring === null)
      await tx.sql("delete from hauswart.update_ring where provider_id = $1 and kind = $2 and subject_id = $3", [
        ctx.providerId,
        kind,
        subjectId,
      ]);
    else
      await tx.sql(
        `insert into hauswart.update_ring (provider_id, customer_id, kind, subject_id, ring) values ($1, $2, $3, $4, $5)
         on conflict (provider_id, kind, subject_id) do update set ring = excluded.ring`,
        [ctx.providerId, subject.customer_id, kind, subjectId, ring],
      );
    const customerId = subject.customer_id;
    await audit(tx, ctx, { action: "update-ring.change", subject: { kind, id: subjectId }, customerId, detail: { ring } });
    if (kind === "device") announce(tx, ctx, { kind: "device", id: subjectId, customerId, change: "changed" });
    return { ring };
  });
}
