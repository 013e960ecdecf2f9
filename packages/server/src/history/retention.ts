/**
 * Forgets what nobody keeps any more. Partitions in which everything is too old are dropped; what single providers keep for
 * a shorter time than others is deleted row by row.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { systemContext } from "../context.ts";
import type { Services } from "../services.ts";
import { dayMs, monthsBefore } from "./hours.ts";
import { dayText, dropExpiredPartitions } from "./partitions.ts";
import { retentionByProvider, type Retention } from "./retention-limits.ts";

export interface Forgotten {
  /** Names of dropped partitions. */
  readonly partitions: readonly string[];
  readonly rows: number;
}

/** Runs over all providers. */
export async function forgetOldSamples(services: Services): Promise<Forgotten> {
  const partitions = await dropExpiredPartitions(services);
  let rows = 0;
  for (const [providerId, retention] of await retentionByProvider(services))
    rows += await forgetOfProvider(services, providerId, retention);
  return { partitions, rows };
}

async function forgetOfProvider(services: Services, providerId: Id, retention: Retention): Promise<number> {
  const nowMs = services.clock.now();
  const samplesFrom = new Date(nowMs - retention.rawSampleDays * dayMs).toISOString();
  const rollupsFrom = dayText(monthsBefore(nowMs, retention.rollupMonths));
  return services.database.transaction(systemContext(services, providerId, "retention"), async (tx) => {
    const deleted = async (text: string, from: string) =>
      (await tx.sql<{ count: number }>(`with gone as (${text} returning 1) select count(*) as count from gone`, [providerId, from]))[0]
        ?.count ?? 0;
    return (
      (await deleted("delete from hauswart.sample_batch where provider_id = $1 and received_at < $2::timestamptz", samplesFrom)) +
      (await deleted("delete from hauswart.sample_entry where provider_id = $1 and received_at < $2::timestamptz", samplesFrom)) +
      (await deleted("delete from hauswart.sample_packed where provider_id = $1 and day < $2::date", samplesFrom.slice(0, 10))) +
      (await deleted("delete from hauswart.sample_outcome where provider_id = $1 and at < $2::timestamptz", samplesFrom)) +
      (await deleted("delete from hauswart.sample_rollup where provider_id = $1 and day < $2::date", rollupsFrom))
    );
  });
}
