/**
 * What load-devices.ts asks the database. $1 is the provider, $2 the devices: each statement answers for all of them.
 */

/** The columns of LinkRow. */
export const linkColumns = [
  "device_id",
  "epoch",
  "stream_id",
  "last_sequence",
  "last_hash",
  "check_numbers",
  "evidence_at",
  "fact_numbers",
  "value_counts",
  "latest",
];

/** One row a device: after a restart it is asked for thousands, and most of them run the same. */
export const runsOf = `
  select device_id, string_agg(number || ':' || settings_key, ',' order by number) as key,
    array_agg(number) filter (where judged_key is distinct from settings_key) as unnoted,
    jsonb_object_agg(number, judged_calendar) filter (where judged_calendar is not null) as calendars,
    array_agg(number) filter (where state = 'unknown' and unknown_reason = 'never-measured' and verdicts = '[]') as never_measured
  from hauswart.check_instance where provider_id = $1 and device_id = any($2::uuid[]) and enabled
  group by device_id`;

export const settingsOf = `
  select device_id, number, check_id, instance, every_seconds, daily_at_hour, failures_before_finding, damping::text as damping, selection::text as selection,
    selection_version, judgement::text as judgement, settings_key
  from hauswart.check_instance where provider_id = $1 and device_id = any($2::uuid[]) and enabled
  order by device_id, number`;

export const oddStatesOf = `
  select device_id, number, state, unknown_reason, unknown_detail, state_since, verdicts::text as verdicts
  from hauswart.check_instance where provider_id = $1 and device_id = any($2::uuid[]) and enabled
    and (verdicts <> '[]' or (state <> 'ok' and unknown_reason is distinct from 'never-measured'))`;

/** Few of many, so they are fetched instance by instance through the key. */
export const newestFactsOf = `
  select f.device_id, array_agg(f.check_number order by f.fact_number desc) as check_numbers,
    array_agg(f.fact_number order by f.fact_number desc) as fact_numbers, array_agg(f.hash order by f.fact_number desc) as hashes
  from hauswart.check_instance c
  cross join lateral (
    select s.device_id, s.check_number, s.fact_number, s.hash from hauswart.sample_fact s
    where s.provider_id = c.provider_id and s.device_id = c.device_id and s.check_number = c.number
    order by s.fact_number desc limit $3) f
  where c.provider_id = $1 and c.device_id = any($2::uuid[]) and c.enabled
  group by f.device_id`;

/** With the site where the device is. */
export const linksOf = `
  select ${linkColumns.map((column) => `l.${column}`).join(", ")}, d.site_id
  from hauswart.device_link l join hauswart.device d on d.provider_id = l.provider_id and d.device_id = l.device_id
  where l.provider_id = $1 and l.device_id = any($2::uuid[])`;

/** The facts of the newest samples. */
export const newestBodiesOf = `
  select f.device_id, f.check_number, f.fact_number, f.body
  from hauswart.device_link l
  cross join lateral unnest(l.check_numbers, l.fact_numbers) as n(check_number, fact_number)
  join hauswart.sample_fact f on f.provider_id = l.provider_id and f.device_id = l.device_id and f.check_number = n.check_number and f.fact_number = n.fact_number
  where l.provider_id = $1 and l.device_id = any($2::uuid[])`;

export const historiesOf = `
  select device_id, check_number, fields, subjects, point_times, point_values
  from hauswart.check_history where provider_id = $1 and device_id = any($2::uuid[])`;

export const openFindingsOf = `
  select device_id, code from hauswart.finding
  where provider_id = $1 and device_id = any($2::uuid[]) and check_id = $3 and closed_at is null`;
