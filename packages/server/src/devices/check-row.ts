/** Check instances as the database keeps them, with the newest sample that their device has sent. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../database/database.ts";
import type { Damping } from "../evaluate/damping.ts";
import type { Source } from "../policies/source.ts";
import { isShownCheck } from "./state-counts.ts";

/** The newest sample of a check as it lies in the database, and the points that its judge may look back on. */
export interface NewestSampleRow {
  evidence_at: Date | null;
  /** Fact of the newest sample; null when the newest measurement yielded none. */
  fact: Record<string, unknown> | null;
  /** Its values; NaN where there is no number. */
  latest: number[] | null;
  history_fields: string[] | null;
  history_subjects: string[] | null;
  history_times: number[] | null;
  history_values: number[] | null;
}

export interface DeviceCheckRow extends NewestSampleRow {
  number: number;
  check_id: string;
  instance: string;
  enabled: boolean;
  every_seconds: number;
  daily_at_hour: number | null;
  failures_before_finding: number;
  damping: Damping;
  selection: Record<string, unknown>;
  judgement: Record<string, unknown>;
  sources: Record<string, Source>;
  state: "ok" | "warning" | "failure" | "unknown";
  unknown_reason: string | null;
  unknown_detail: string | null;
  state_since: Date | null;
}

/** What to select for a NewestSampleRow of check `ci`, after `sampleJoins`. */
const sampleColumns = `l.evidence_at[n.place] as evidence_at, f.body as fact,
    l.latest[n.first + 1 : n.first + l.value_counts[n.place]] as latest,
    h.fields as history_fields, h.subjects as history_subjects, h.point_times as history_times, h.point_values as history_values`;

/** The values of one check lie in the link row between those of others; their place is the sum of the counts before it. */
const sampleJoins = `
  left join hauswart.device_link l on l.provider_id = ci.provider_id and l.device_id = ci.device_id
  left join lateral (
    select place, (select coalesce(sum(counted), 0)::int from unnest(l.value_counts[1 : place - 1]) as counted) as first
    from (select array_position(l.check_numbers, ci.number) as place) p) n on true
  left join hauswart.sample_fact f on f.provider_id = ci.provider_id and f.device_id = ci.device_id and f.check_number = ci.number and f.fact_number = l.fact_numbers[n.place]
  left join hauswart.check_history h on h.provider_id = ci.provider_id and h.device_id = ci.device_id and h.check_number = ci.number`;

const checksOfDevice = `
  select ci.number, ci.check_id, ci.instance, ci.enabled, ci.every_seconds, ci.daily_at_hour, ci.failures_before_finding, ci.damping, ci.selection, ci.judgement,
    ci.sources, ci.state, ci.unknown_reason, ci.unknown_detail, ci.state_since, ${sampleColumns}
  from hauswart.check_instance ci${sampleJoins}
  where ci.provider_id = $1 and ci.device_id = $2 and ${isShownCheck} and ($3::text is null or (ci.check_id, ci.instance) > ($3, $4))
  order by ci.check_id, ci.instance limit $5`;

/** The checks of a device by id and instance. @param after check id and instance of the last one shown. */
export function readDeviceChecks(
  tx: Tx,
  providerId: Id,
  deviceId: Id,
  after: readonly [string, string] | undefined,
  limit: number,
): Promise<DeviceCheckRow[]> {
  return tx.sql<DeviceCheckRow>(checksOfDevice, [providerId, deviceId, after?.[0] ?? null, after?.[1] ?? null, limit]);
}

const samplesOfChecks = `
  select ci.device_id, ci.number, ${sampleColumns}
  from (select $1::uuid as provider_id, device_id, number from unnest($2::uuid[], $3::smallint[]) as asked(device_id, number)) ci${sampleJoins}`;

/** The newest samples of these checks, in one go. */
export function readNewestSamples(
  tx: Tx,
  providerId: Id,
  checks: readonly { readonly deviceId: Id; readonly number: number }[],
): Promise<(NewestSampleRow & { device_id: Id; number: number })[]> {
  return tx.sql(samplesOfChecks, [providerId, checks.map(({ deviceId }) => deviceId), checks.map(({ number }) => number)]);
}
