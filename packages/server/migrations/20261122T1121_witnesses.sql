-- What agents saw of a neighbour that is not heard of.
set local search_path = hauswart;

create table presence_witness (
  provider_id uuid not null,
  device_id uuid not null,
  witness_device_id uuid not null,
  customer_id uuid not null,
  asked_at timestamptz not null,
  answered_at timestamptz not null,
  -- null: it could not look
  answers_ping boolean,
  resolves boolean,
  primary key (provider_id, device_id, witness_device_id),
  foreign key (provider_id, device_id) references device on delete cascade
);
select protect('presence_witness', 'customer');
grant select, insert, update, delete on presence_witness to hauswart_app;

-- Addresses in its own network, as the agent says them: what neighbours look for.
alter table device add column local_addresses text[] not null default '{}';

-- A silent device explains what its checks say, and nothing that is found about the device itself: a copied key has to be told.
-- Every part is answered by an index: hundreds of devices fall silent at once, and each asks.
create or replace function hauswart.hold_of(provider uuid, customer uuid, site uuid, device uuid, about_check text, about_code text, began timestamptz, at timestamptz)
returns table (kind text, window_id uuid, until timestamptz, incident uuid) language sql stable rows 1 as $$
  (select 'cause', null::uuid, null::timestamptz, cause.incident_id from (
    select 0 as rank, incident_id from hauswart.finding f
    where about_check = 'device' and about_code = 'silent' and f.provider_id = provider and coalesce(f.customer_id, '00000000-0000-0000-0000-000000000000') = '00000000-0000-0000-0000-000000000000' and coalesce(f.device_id, '00000000-0000-0000-0000-000000000000') = '00000000-0000-0000-0000-000000000000'
      and f.check_id = 'server' and f.instance = '' and f.code = 'agents-lost' and f.closed_at is null
    union all
    select 1, incident_id from hauswart.finding f
    where device is not null and f.provider_id = provider and coalesce(f.customer_id, '00000000-0000-0000-0000-000000000000') = customer and coalesce(f.device_id, '00000000-0000-0000-0000-000000000000') = '00000000-0000-0000-0000-000000000000'
      and f.check_id = 'site' and f.instance = site::text and f.code = 'offline' and f.closed_at is null
    union all
    select 2, incident_id from hauswart.finding f
    where about_check <> 'device' and f.provider_id = provider and f.device_id = device and f.closed_at is null and f.check_id = 'device' and f.code = 'silent'
    union all
    select 3, incident_id from hauswart.finding f
    where about_check = 'device' and about_code = 'silent' and f.provider_id = provider
      and f.device_id = any ((select hauswart.devices_before(provider, device))::uuid[]) and f.closed_at is null and f.check_id = 'device' and f.code = 'silent') cause
   where cause.incident_id is not null
   order by cause.rank limit 1)
  union all
  (select 'maintenance', w.maintenance_window_id, case when w.after_end = 'tell' or began > o.ends_at then o.ends_at + w.grace_minutes * interval '1 minute' end, null
   from hauswart.maintenance_occurrence o
   join hauswart.maintenance_window w on w.provider_id = o.provider_id and w.maintenance_window_id = o.maintenance_window_id
   where o.provider_id = provider
     and ((o.starts_at <= began and began < o.ends_at) or (o.starts_at <= at and at < o.ends_at + w.grace_minutes * interval '1 minute'))
     and hauswart.window_covers(w, customer, site, device)
   order by w.after_end, o.ends_at desc limit 1)
  limit 1 $$;
