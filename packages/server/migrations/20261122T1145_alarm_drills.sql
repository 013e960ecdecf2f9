-- Alarm drills: once a month a marked fault goes the way of an alarm, and its times are kept.
set local search_path = hauswart;

-- Since when drills are wanted; null: they are not. What is overdue counts from here.
alter table customer add column alarm_drill_since timestamptz;

create table alarm_drill (
  provider_id uuid not null,
  drill_id uuid not null,
  customer_id uuid not null,
  device_id uuid not null,
  device_name text not null,
  -- The policy that gives the device its drill, for as long as it runs.
  policy_id uuid not null,
  -- The month of the customer that it was due for, YYYY-MM; null when somebody started it by hand.
  month text,
  started_by text not null,
  started_at timestamptz not null,
  finding_id uuid,
  measured_at timestamptz,
  found_at timestamptz,
  mailed_at timestamptz,
  accepted_at timestamptz,
  confirmed_at timestamptz,
  confirmed_mail_id uuid,
  -- Readers of the mail whose link was used, and the network address of the press.
  confirmed_by text,
  confirmed_from text,
  ended_at timestamptz,
  result text check (result in ('done', 'failed')),
  reason text,
  -- When the device was rid of it; until then somebody has to see to it.
  cleared_at timestamptz,
  primary key (provider_id, drill_id),
  foreign key (provider_id, customer_id) references customer on delete cascade
);
-- One at a time, and one a month by the timetable, whoever tries at once.
create unique index alarm_drill_running on alarm_drill (provider_id, customer_id) where cleared_at is null;
create unique index alarm_drill_of_month on alarm_drill (provider_id, customer_id, month) where month is not null;
create index alarm_drill_by_time on alarm_drill (provider_id, customer_id, drill_id desc);
select protect('alarm_drill', 'customer');

grant select, insert, update, delete on alarm_drill to hauswart_app;
