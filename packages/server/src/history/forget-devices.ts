/** Removed devices leave for good when nothing of theirs is kept any more, and deleted sites when no device is left that stands there. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Services } from "../services.ts";
import { customerTables } from "../tenancy/customer-data/customer-tables.ts";
import { isoTime } from "../times.ts";
import { oldBeforeMs } from "./retained.ts";
import type { Retention } from "./retention-limits.ts";

/**
 * Deletes devices that were revoked longer ago than their values, findings and records of rounds are kept, and of which none is left.
 * @returns how many devices went
 */
export async function forgetDevices({ database, clock }: Services, providerId: Id, retention: Retention): Promise<number> {
  const before = Math.min(
    ...(["rawSampleDays", "rollupMonths", "findingMonths", "roundMonths"] as const).map((setting) =>
      oldBeforeMs(setting, retention, clock.now()),
    ),
  );
  const devices = await database.unwalled("devices that nobody remembers", (tx) =>
    tx.sql<{ device_id: Id }>(
      `select d.device_id from hauswart.device d where d.provider_id = $1 and d.lifecycle = 'revoked' and d.revoked_at < $2
         and not exists (select from hauswart.finding f where f.provider_id = $1 and f.device_id = d.device_id)
         and not exists (select from hauswart.round_record r where r.provider_id = $1 and r.device_id = d.device_id)
         and not exists (select from hauswart.sample_rollup r where r.provider_id = $1 and r.device_id = d.device_id)
         and not exists (select from hauswart.sample_packed p where p.provider_id = $1 and p.device_id = d.device_id)`,
      [providerId, isoTime(before)],
    ),
  );
  for (const { device_id } of devices) {
    await database.unwalled("forget a device", async (tx) => {
      for (const { table, byDevice } of customerTables)
        if (byDevice) await tx.sql(`delete from hauswart.${table} where provider_id = $1 and device_id = $2`, [providerId, device_id]);
      await tx.sql("delete from hauswart.policy_assignment where provider_id = $1 and scope = 'device' and scope_id = $2", [
        providerId,
        device_id,
      ]);
      const forgotten = [providerId, device_id];
      await tx.sql(
        "delete from hauswart.maintenance_window where provider_id = $1 and scope = 'device' and scope_id = $2::uuid::text",
        forgotten,
      );
      await tx.sql(
        "update hauswart.device set depends_on_device_id = null where provider_id = $1 and depends_on_device_id = $2",
        forgotten,
      );
      await tx.sql("update hauswart.site set gateway_device_id = null where provider_id = $1 and gateway_device_id = $2", forgotten);
      await tx.sql("delete from hauswart.device where provider_id = $1 and device_id = $2", [providerId, device_id]);
    });
  }
  // Not only with a device: the last one may have been moved to another site.
  await database.unwalled("forget removed sites", (tx) =>
    tx.sql(
      `delete from hauswart.site s where s.provider_id = $1 and s.removed_at is not null
         and not exists (select from hauswart.device d where d.provider_id = $1 and d.site_id = s.site_id)`,
      [providerId],
    ),
  );
  return devices.length;
}
