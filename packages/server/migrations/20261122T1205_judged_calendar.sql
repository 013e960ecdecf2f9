-- By which calendar samples were judged, where a judge asks for working time; and the promise behind an agreed step's due time.
set local search_path = hauswart;

-- What a judge was told of working time, once for all places that were told the same.
create table judged_calendar (
  provider_id uuid not null references provider,
  -- md5 of the definition's text, without the names of holidays
  calendar_key text not null,
  definition jsonb not null,
  primary key (provider_id, calendar_key)
);
select protect('judged_calendar', 'provider');

-- null: the check asks for none, or it was judged before this was written down.
alter table check_settings_period add column calendar_key text;
-- The calendar_key that check_settings_period knows as the one in force.
alter table check_instance add column judged_calendar text;

grant select, insert, update, delete on judged_calendar to hauswart_app;
grant select, insert on judged_calendar to hauswart_ingest;
grant update (judged_calendar) on check_instance to hauswart_ingest;

-- In service hours of the place, from the contact on: while the step is open it is due by the calendar that holds. null: what was
-- agreed before this was written down is due when it was.
alter table contact add column next_within_minutes integer;
