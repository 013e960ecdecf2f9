-- What damps a check's findings, and by which settings each stretch of its samples was judged.
set local search_path = hauswart;

-- As packages/server/src/evaluate/damping.ts reads it; empty = nothing is damped.
alter table check_instance
  add column damping jsonb not null default '{}',
  -- The settings_key that check_settings_period knows as the one in force.
  add column judged_key text;
alter table check_instance alter column settings_key set expression as (md5(check_id || e'\n' || instance || e'\n' || every_seconds::text || e'\n'
  || coalesce(daily_at_hour::text, '') || e'\n' || failures_before_finding::text || e'\n' || selection_version::text || e'\n' || selection::text
  || e'\n' || judgement::text || case damping when '{}'::jsonb then '' else e'\n' || damping::text end));

-- What a judge and the engine were told, once for all instances that were told the same.
create table check_settings (
  provider_id uuid not null references provider,
  -- check_instance.settings_key
  settings_key text not null,
  check_id text not null,
  instance text not null,
  every_seconds integer not null,
  daily_at_hour smallint,
  failures_before_finding smallint not null,
  judgement jsonb not null,
  damping jsonb not null,
  primary key (provider_id, settings_key)
);
select protect('check_settings', 'provider');

-- From which sample on a check instance was judged by which settings. Said by the samples and not by the clock, because samples
-- come late: those measured after after_at were judged by these settings.
create table check_settings_period (
  provider_id uuid not null,
  device_id uuid not null,
  check_number smallint not null,
  -- order of the changes
  noted_at timestamptz not null,
  customer_id uuid not null,
  -- the newest sample before the change; null = there was none
  after_at timestamptz,
  settings_key text not null,
  -- started: the check forgot what was judged before. continued: it did not. rejudged: and its newest sample was judged again
  kind text not null check (kind in ('started', 'continued', 'rejudged')),
  primary key (provider_id, device_id, check_number, noted_at),
  foreign key (provider_id, device_id) references device on delete cascade
);
select protect('check_settings_period', 'customer');

grant select, insert, update, delete on check_settings, check_settings_period to hauswart_app;
grant select, insert on check_settings, check_settings_period to hauswart_ingest;
grant update (judged_key) on check_instance to hauswart_ingest;
