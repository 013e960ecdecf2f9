/**
 * Forgets what nobody keeps any more, row by row: what single providers keep for a shorter time than others, and everything that is
 * not a sample. Partitions of samples in which everything is too old are dropped besides (partitions.ts).
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { forgetAudit } from "../audit/forget-audit.ts";
import { forgetUnusedSettings } from "../ingest/forget-settings.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { forgetDevices } from "./forget-devices.ts";
import { forgetFacts } from "./forget-facts.ts";
import { oldBeforeMs, retainedTables } from "./retained.ts";
import { retentionByProvider, type Retention } from "./retention-limits.ts";

/** Runs over all providers. @returns how many rows are gone */
export async function forgetByRetention(services: Services): Promise<number> {
  let rows = 0;
  for (const [providerId, retention] of await retentionByProvider(services)) {
    rows += await forgetRows(services, providerId, retention);
    rows += await forgetFacts(services, providerId, retention);
    rows += await forgetDevices(services, providerId, retention);
    rows += await forgetUnusedSettings(services, providerId);
    rows += await forgetAudit(services, providerId, oldBeforeMs("auditMonths", retention, services.clock.now()));
  }
  return rows;
}

/** One transaction a setting: what has gone is gone, should a later one fail. */
async function forgetRows({ database, clock }: Services, providerId: Id, retention: Retention): Promise<number> {
  let rows = 0;
  for (const setting of Object.keys(retainedTables) as (keyof typeof retainedTables)[]) {
    const before = isoTime(oldBeforeMs(setting, retention, clock.now()));
    rows += await database.unwalled("retention", async (tx) => {
      let gone = 0;
      for (const { table, isOld } of retainedTables[setting]) {
        const [deleted] = await tx.sql<{ count: number }>(
          `with gone as (delete from hauswart.${table} where provider_id = $1 and ${isOld} returning 1) select count(*) as count from gone`,
          [providerId, before],
        );
        gone += deleted?.count ?? 0;
      }
      return gone;
    });
  }
  return rows;
}
