-- Rounds: on each working day, at a local time, what a check says is put on record for every device (AV-3).
set local search_path = hauswart;

create table round_record (
  provider_id uuid not null,
  device_id uuid not null,
  check_id text not null,
  -- local date of the round
  day date not null,
  customer_id uuid not null,
  site_id uuid not null,
  check_number smallint not null,
  due_at timestamptz not null,
  -- until then the record can still be made up for: the end of the local day
  ends_at timestamptz not null,
  opened_at timestamptz not null,
  -- when the agent was asked last to measure
  asked_at timestamptz,
  state text not null check (state in ('waiting', 'done', 'not-measurable')),
  -- why it is not measurable
  reason text check (reason in ('server-down', 'device-off', 'no-answer', 'never-measured', 'no-data', 'collect-failed', 'not-judged', 'unknown-result')),
  detail text not null default '',
  -- what came of it, when it is done
  result text check (result in ('ok', 'warning', 'failure')),
  -- when the sample in question was taken; also of the one that was too old to count
  evidence_at timestamptz,
  -- [{"subject": …, "state": …, "evidence": {…}}]
  subjects jsonb not null default '[]',
  recorded_at timestamptz,
  -- taken, or recorded, later than the round was due
  is_late boolean not null default false,
  primary key (provider_id, device_id, check_id, day)
);
create index round_record_by_day on round_record (provider_id, check_id, day desc, customer_id);
create index round_record_open on round_record (provider_id, ends_at) where state <> 'done';
select protect('round_record', 'customer');

-- How far the rounds of a site have come.
create table round_progress (
  provider_id uuid not null,
  site_id uuid not null,
  check_id text not null,
  customer_id uuid not null,
  through_day date not null,
  primary key (provider_id, site_id, check_id),
  foreign key (provider_id, site_id) references site on delete cascade
);
select protect('round_progress', 'customer');

grant select, insert, update, delete on round_record, round_progress to hauswart_app;
