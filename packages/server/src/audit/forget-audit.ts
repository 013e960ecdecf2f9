/**
 * Deletes entries of the audit log that are older than they have to be kept: whole seals from the start of the chain, never
 * single rows. The seals stay, so the chain of heads is still verified from its beginning; the entry `audit.forget` says up to
 * which seal the rows are gone, and stands in the chain itself.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { systemContext } from "../context.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { audit } from "./audit.ts";

/** Action of the entry that states what was deleted. */
export const forgetAction = "audit.forget";

/** @param beforeMs entries under seals made before this go, Unix milliseconds. @returns how many entries went */
export async function forgetAudit(services: Services, providerId: Id, beforeMs: number): Promise<number> {
  return services.database.unwalled("retention of the audit log", async (tx) => {
    await tx.sql("select pg_advisory_xact_lock(hashtextextended('hauswart.audit/' || $1, 0))", [providerId]);
    const [old] = await tx.sql<{ through_seal: number | null; through_position: number }>(
      `select max(seal_number) as through_seal, max(last_position) as through_position from hauswart.audit_seal
       where provider_id = $1 and forgotten_at is null and sealed_at < $2::timestamptz
         and seal_number < coalesce((select min(seal_number) from hauswart.audit_seal young where young.provider_id = $1 and young.sealed_at >= $2::timestamptz), 9223372036854775807)`,
      [providerId, isoTime(beforeMs)],
    );
    if (!old || old.through_seal === null) return 0;
    const gone = await tx.sql("delete from hauswart.audit_entry where provider_id = $1 and position <= $2 returning 1", [
      providerId,
      old.through_position,
    ]);
    await tx.sql("update hauswart.audit_seal set forgotten_at = $3 where provider_id = $1 and seal_number <= $2 and forgotten_at is null", [
      providerId,
      old.through_seal,
      isoTime(services.clock.now()),
    ]);
    await audit(tx, systemContext(services, providerId, "retention"), {
      action: forgetAction,
      subject: { kind: "audit", id: providerId },
      customerId: null,
      detail: { throughSeal: Number(old.through_seal), entries: gone.length },
    });
    return gone.length;
  });
}
