-- A window that keeps what failed in it keeps that only: not what was broken before, and not what gets worse after it.
set local search_path = hauswart;

-- When the fault began, where that is known to be earlier than its evidence; of what a window keeps and got worse, when it did. null: when it opened.
alter table finding add column began_at timestamptz;

-- began: when the fault began; null: before any window, or somebody was told of it already. Of several windows the one that holds longest.
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
  (select 'maintenance', w.maintenance_window_id,
     case when w.after_end = 'keep' and o.starts_at <= began and began < o.ends_at then null else o.ends_at + w.grace_minutes * interval '1 minute' end as until, null
   from hauswart.maintenance_occurrence o
   join hauswart.maintenance_window w on w.provider_id = o.provider_id and w.maintenance_window_id = o.maintenance_window_id
   where o.provider_id = provider
     and ((o.starts_at <= began and began < o.ends_at) or (o.starts_at <= at and at < o.ends_at + w.grace_minutes * interval '1 minute'))
     and hauswart.window_covers(w, customer, site, device)
   order by until desc nulls first, o.ends_at desc limit 1)
  limit 1 $$;

-- Whoever was told of a fault hears of its change after the window; so far it was kept for good.
update finding set hold_until = changed_at
where closed_at is null and hold_kind = 'maintenance' and hold_until is null and noticed_at is not null;
