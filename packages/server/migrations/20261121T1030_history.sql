-- History: roll-ups by day, and what packing has done.
set local search_path = hauswart;

-- Bodies are compressed already.
alter table sample_rollup alter column body set storage external;
alter table sample_packed alter column body set storage external;

-- How far a chore of the history has come, over all providers.
create table history_progress (
  chore text primary key,
  -- everything received before is done
  through timestamptz not null
);
comment on table history_progress is 'owner: none';
grant select on history_progress to hauswart_app;

-- Devices of a day of raw samples that are packed already; goes with the day's partition.
create table packed_device (
  provider_id uuid not null,
  device_id uuid not null,
  received_day date not null,
  primary key (provider_id, received_day, device_id)
);
select protect('packed_device', 'provider-secret');
grant select, insert, update, delete on packed_device to hauswart_app;

create index sample_outcome_by_time on sample_outcome (provider_id, at);
create index finding_notice_done on finding_notice (at) where mailed_at is not null and hooked_at is not null;
