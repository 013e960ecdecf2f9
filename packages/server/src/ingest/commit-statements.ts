/**
 * The statements of a group commit. Parameters are binary arrays, one element per row; arrays that differ in length per row
 * come as one long array with the limits of each row's part. In every one, $1 is the provider.
 */

/** What lies between the columns `x_start` and `x_end` of a row, as `limits` yields them. */
const part = (parameter: string, name: string) => `(${parameter})[r.${name}_start : r.${name}_end]`;

/** Only rows of the same epoch move; the answer says which. */
export const moveLinks = `
  update hauswart.device_link l set stream_id = r.stream_id, last_sequence = r.sequence, last_hash = r.hash, last_seen_at = r.seen_at,
    clock_offset_ms = r.clock_offset_ms,
    check_numbers = ${part("$13::int2[]", "check")}, evidence_at = ${part("$14::timestamptz[]", "check")},
    fact_numbers = ${part("$15::int4[]", "check")}, value_counts = ${part("$16::int2[]", "check")}, latest = ${part("$17::float8[]", "value")}
  from unnest($2::uuid[], $3::int8[], $4::uuid[], $5::int8[], $6::bytea[], $7::timestamptz[], $8::float8[], $9::int4[], $10::int4[], $11::int4[], $12::int4[])
    as r(device_id, epoch, stream_id, sequence, hash, seen_at, clock_offset_ms, check_start, check_end, value_start, value_end)
  where l.provider_id = $1::uuid and l.device_id = r.device_id and l.epoch = r.epoch
  returning l.device_id`;

export const insertFacts = `
  insert into hauswart.sample_fact (provider_id, customer_id, device_id, check_number, fact_number, first_at, body, hash)
  select $1::uuid, customer_id, device_id, check_number, fact_number, first_at, body::jsonb, hash
  from unnest($2::uuid[], $3::uuid[], $4::int2[], $5::int4[], $6::timestamptz[], $7::text[], $8::int8[])
    as r(customer_id, device_id, check_number, fact_number, first_at, body, hash)`;

export const insertBatches = `
  insert into hauswart.sample_batch (provider_id, customer_id, device_id, received_at, stream_id, sequence, clock_offset_ms,
    check_numbers, ages_ms, fact_numbers, value_counts, values)
  select $1::uuid, r.customer_id, r.device_id, r.received_at, r.stream_id, r.sequence, r.clock_offset_ms,
    ${part("$12::int2[]", "check")}, ${part("$13::int4[]", "check")}, ${part("$14::int4[]", "check")}, ${part("$15::int2[]", "check")}, ${part("$16::float8[]", "value")}
  from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::uuid[], $6::int8[], $7::int8[], $8::int4[], $9::int4[], $10::int4[], $11::int4[])
    as r(customer_id, device_id, received_at, stream_id, sequence, clock_offset_ms, check_start, check_end, value_start, value_end)`;

/** Two measurements of one instance at the same millisecond are one. */
export const insertOutcomes = `
  insert into hauswart.sample_outcome (provider_id, customer_id, device_id, check_number, at, kind, code, detail)
  select $1::uuid, customer_id, device_id, check_number, at, kind, code, detail
  from unnest($2::uuid[], $3::uuid[], $4::int2[], $5::timestamptz[], $6::text[], $7::text[], $8::text[])
    as r(customer_id, device_id, check_number, at, kind, code, detail)
  on conflict do nothing`;

export const insertEntries = `
  insert into hauswart.sample_entry (provider_id, customer_id, device_id, received_at, check_number, field, at, body)
  select $1::uuid, customer_id, device_id, received_at, check_number, field, at, body::jsonb
  from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::int2[], $6::text[], $7::timestamptz[], $8::text[])
    as r(customer_id, device_id, received_at, check_number, field, at, body)`;

/** A check that was switched off meanwhile keeps the state that policies gave it. */
export const updateStates = `
  update hauswart.check_instance c set state = r.state, unknown_reason = r.unknown_reason, unknown_detail = r.unknown_detail,
    state_since = r.since, verdicts = r.verdicts::jsonb
  from unnest($2::uuid[], $3::int2[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::text[])
    as r(device_id, number, state, unknown_reason, unknown_detail, since, verdicts)
  where c.provider_id = $1::uuid and c.device_id = r.device_id and c.number = r.number and c.enabled`;

export const upsertHistories = `
  insert into hauswart.check_history (provider_id, customer_id, device_id, check_number, fields, subjects, point_times, point_values)
  select $1::uuid, r.customer_id, r.device_id, r.check_number,
    ${part("$11::text[]", "series")}, ${part("$12::text[]", "series")}, ${part("$13::int8[]", "time")}, ${part("$14::float8[]", "value")}
  from unnest($2::uuid[], $3::uuid[], $4::int2[], $5::int4[], $6::int4[], $7::int4[], $8::int4[], $9::int4[], $10::int4[])
    as r(customer_id, device_id, check_number, series_start, series_end, time_start, time_end, value_start, value_end)
  on conflict (provider_id, device_id, check_number) do update set fields = excluded.fields, subjects = excluded.subjects,
    point_times = excluded.point_times, point_values = excluded.point_values`;

export const insertSettings = `
  insert into hauswart.check_settings (provider_id, settings_key, check_id, instance, every_seconds, daily_at_hour, failures_before_finding, judgement, damping)
  select $1::uuid, settings_key, check_id, instance, every_seconds, daily_at_hour, failures_before_finding, judgement, damping
  from jsonb_to_recordset($2::text::jsonb) as r(settings_key text, check_id text, instance text, every_seconds integer, daily_at_hour smallint,
    failures_before_finding smallint, judgement jsonb, damping jsonb)
  order by settings_key on conflict do nothing`;

export const insertCalendars = `
  insert into hauswart.judged_calendar (provider_id, calendar_key, definition)
  select $1::uuid, key, definition from jsonb_to_recordset($2::text::jsonb) as r(key text, definition jsonb) order by key on conflict do nothing`;

/** The newest sample of an instance that the device's memory has forgotten, because the check was off for a while. */
const newestStored = `coalesce(
    (select max(b.received_at - s.age_ms * interval '1 millisecond') from (
      select received_at, check_numbers, ages_ms from hauswart.sample_batch
      where provider_id = $1::uuid and device_id = r.device_id and r.number = any (check_numbers) order by received_at desc limit 1) b
      cross join lateral unnest(b.check_numbers, b.ages_ms) as s(number, age_ms) where s.number = r.number),
    (select (max(day) + 1)::timestamp at time zone 'UTC' from hauswart.sample_packed
      where provider_id = $1::uuid and device_id = r.device_id and check_number = r.number))`;

/** Several changes of one instance in one commit keep their order. To be sent before the commit's samples are stored. */
export const insertPeriods = `
  with r as (
    select * from unnest($2::uuid[], $3::uuid[], $4::int2[], $5::text[], $6::text[], $7::text[], $8::text[]) with ordinality
      as u(customer_id, device_id, number, after_at, settings_key, calendar_key, kind, place)),
  noted as (
    insert into hauswart.check_settings_period (provider_id, device_id, check_number, noted_at, customer_id, after_at, settings_key, calendar_key, kind)
    select $1::uuid, device_id, number, clock_timestamp() + place * interval '1 microsecond', customer_id,
      coalesce(after_at::timestamptz, ${newestStored}), settings_key, calendar_key, kind from r)
  update hauswart.check_instance c set judged_key = n.settings_key, judged_calendar = n.calendar_key
  from (select distinct on (device_id, number) device_id, number, settings_key, calendar_key from r order by device_id, number, place desc) n
  where c.provider_id = $1::uuid and c.device_id = n.device_id and c.number = n.number`;

export const insertQuarantined = `
  insert into hauswart.quarantined_message (provider_id, quarantined_message_id, customer_id, device_id, stream_id, sequence, received_at, body, error)
  select $1::uuid, uuidv7(), customer_id, device_id, stream_id, sequence, received_at, body, error
  from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::int8[], $6::timestamptz[], $7::bytea[], $8::text[])
    as r(customer_id, device_id, stream_id, sequence, received_at, body, error)`;

/** Moves a stream past a message that cannot be stored. */
export const skipMessage = `
  update hauswart.device_link set stream_id = $4::uuid, last_sequence = $5::int8, last_hash = $6::bytea, last_seen_at = $7::timestamptz
  where provider_id = $1::uuid and device_id = $2::uuid and epoch = $3::int8
  returning device_id`;
