-- A site without a connection explains what is found about its agents that are gone with it. What is measured from elsewhere, and
-- whose agent reaches us on another way, is not explained by it.
set local search_path = hauswart;

-- Whether an agent's connection is not open; the rule is isConnected in packages/server/src/presence, and a test holds the two together.
create function hauswart.is_cut_off(provider uuid, device uuid, at timestamptz) returns boolean language sql stable as $$
  select d.kind = 'agent' and not (l.connected_at is not null and (l.disconnected_at is null or l.disconnected_at < l.connected_at)
    and p.stopped_at is null and coalesce(p.alive_at > at - interval '15 seconds', false))
  from hauswart.device d
  join hauswart.device_link l on l.provider_id = d.provider_id and l.device_id = d.device_id
  left join hauswart.server_process p on p.process_id = l.process_id
  where d.provider_id = provider and d.device_id = device $$;
grant execute on function is_cut_off(uuid, uuid, timestamptz) to hauswart_app, hauswart_ingest;
grant select on server_process to hauswart_ingest;

create or replace function hauswart.hold_of(provider uuid, customer uuid, site uuid, device uuid, about_check text, about_code text, began timestamptz, at timestamptz)
returns table (kind text, window_id uuid, until timestamptz, incident uuid) language sql stable rows 1 as $$
  (select 'cause', null::uuid, null::timestamptz, cause.incident_id from (
    select 0 as rank, incident_id from hauswart.finding f
    where about_check = 'device' and about_code = 'silent' and f.provider_id = provider and coalesce(f.customer_id, '00000000-0000-0000-0000-000000000000') = '00000000-0000-0000-0000-000000000000' and coalesce(f.device_id, '00000000-0000-0000-0000-000000000000') = '00000000-0000-0000-0000-000000000000'
      and f.check_id = 'server' and f.instance = '' and f.code = 'agents-lost' and f.closed_at is null
    union all
    select 1, incident_id from hauswart.finding f
    where f.provider_id = provider and coalesce(f.customer_id, '00000000-0000-0000-0000-000000000000') = customer and coalesce(f.device_id, '00000000-0000-0000-0000-000000000000') = '00000000-0000-0000-0000-000000000000'
      and f.check_id = 'site' and f.instance = site::text and f.code = 'offline' and f.closed_at is null and hauswart.is_cut_off(provider, device, at)
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
