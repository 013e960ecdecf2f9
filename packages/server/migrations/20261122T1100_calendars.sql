-- Working calendars: the hours of a week, the holidays on which they do not hold, and who works by which (SVC-1).
set local search_path = hauswart;

create table holiday_set (
  provider_id uuid not null references provider,
  holiday_set_id uuid not null,
  name text not null,
  -- Where its days are filled from: DE = what holds in all federal states, DE-BY = one state, DE-BY-A = a part of it; null: own days only
  source text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (provider_id, holiday_set_id)
);
create unique index holiday_set_name on holiday_set (provider_id, lower(name));
select protect('holiday_set', 'provider');

create table holiday (
  provider_id uuid not null,
  holiday_set_id uuid not null,
  day date not null,
  name text not null,
  -- hours that hold instead: [{"from": "09:00", "to": "12:00"}]; empty = closed all day
  spans jsonb not null default '[]',
  -- The source has this day. One that somebody changed stays as it was changed when the set is filled again.
  is_from_source boolean not null,
  is_edited boolean not null default false,
  -- Somebody took the day out; it stays here so that filling does not bring it back.
  is_removed boolean not null default false,
  primary key (provider_id, holiday_set_id, day),
  foreign key (provider_id, holiday_set_id) references holiday_set on delete cascade
);
select protect('holiday', 'provider');

create table calendar (
  provider_id uuid not null references provider,
  calendar_id uuid not null,
  name text not null,
  -- by ISO weekday: {"1": [{"from": "09:00", "to": "18:00"}]}; a weekday that is left out is closed
  hours jsonb not null,
  -- ISO weekdays that count as working days, whatever their hours
  working_days smallint[] not null,
  -- null: no holidays
  holiday_set_id uuid,
  half_days_work boolean not null default true,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (provider_id, calendar_id),
  foreign key (provider_id, holiday_set_id) references holiday_set
);
create unique index calendar_name on calendar (provider_id, lower(name));
create index calendar_by_holiday_set on calendar (provider_id, holiday_set_id);
select protect('calendar', 'provider');

-- Who works by which: a site, else its customer, else the whole house.
create table calendar_assignment (
  provider_id uuid not null,
  purpose text not null check (purpose in ('service', 'acceptance', 'quiet', 'patch')),
  scope text not null check (scope in ('provider', 'customer', 'site')),
  -- provider's, customer's or site's id
  scope_id uuid not null,
  -- customer that the assignment belongs to; null for the house's own
  customer_id uuid,
  calendar_id uuid not null,
  primary key (provider_id, purpose, scope, scope_id),
  foreign key (provider_id, calendar_id) references calendar
);
create index calendar_assignment_by_calendar on calendar_assignment (provider_id, calendar_id);
create index calendar_assignment_by_customer on calendar_assignment (provider_id, customer_id);
select protect('calendar_assignment', 'customer-or-provider');

grant select, insert, update, delete on holiday_set, holiday, calendar, calendar_assignment to hauswart_app;
