-- Lists and totals over many devices: how each device is, told without looking at all its checks, and what is looked for in names.
set local search_path = hauswart;

-- A device's checks by state, as they are from valid_from until just before valid_until. Whoever changes what they follow from
-- says so by valid_until = '-infinity' in the same transaction; a chore counts again, and until then whoever asks counts himself.
-- Nothing but the key is indexed, so that rows change in place.
create table device_state (
  provider_id uuid not null,
  device_id uuid not null,
  customer_id uuid not null,
  ok integer not null default 0,
  warning integer not null default 0,
  failure integer not null default 0,
  unknown integer not null default 0,
  -- the worst of them; a device without checks is unknown
  state text not null generated always as (case when failure > 0 then 'failure' when warning > 0 then 'warning' when unknown > 0 or ok = 0 then 'unknown' else 'ok' end) stored,
  valid_from timestamptz not null default '-infinity',
  valid_until timestamptz not null default '-infinity',
  primary key (provider_id, device_id),
  foreign key (provider_id, device_id) references device on delete cascade
) with (fillfactor = 50);
select protect('device_state', 'customer');
grant select, insert, update, delete on device_state to hauswart_app;
grant select, update on device_state to hauswart_ingest;

-- Every device has its row.
create function hauswart.add_device_states() returns trigger language plpgsql as $$
begin
  insert into hauswart.device_state (provider_id, device_id, customer_id)
  select provider_id, device_id, customer_id from added on conflict do nothing;
  return null;
end $$;
create trigger add_device_states after insert on device referencing new table as added
  for each statement execute function hauswart.add_device_states();
insert into device_state (provider_id, device_id, customer_id) select provider_id, device_id, customer_id from device;

-- Sort key and text to be searched, as columns: a call of lower() may not be answered by an index behind the wall.
create function hauswart.joined(list text[]) returns text language sql immutable parallel safe as $$ select array_to_string(list, e'\n') $$;
alter table device
  add column name_key text not null generated always as (lower(name)) stored,
  add column search_text text not null generated always as (lower(name || e'\n' || hostname || e'\n' || hauswart.joined(tags))) stored;
drop index device_by_name, device_by_customer;
-- Has all that the list needs to page and to count, the wall's customer too.
create index device_by_name on device (provider_id, name_key, device_id) include (customer_id) where lifecycle <> 'revoked';
create index device_by_customer on device (provider_id, customer_id, name_key, device_id);

create index finding_open_by_device on finding (provider_id, device_id) where closed_at is null;
create index finding_by_change on finding (provider_id, changed_at desc, finding_id);
create index mail_waiting on mail (provider_id, state) where state in ('queued', 'kept');
