-- Findings that are recorded and told nobody yet: maintenance windows, and causes that explain them. Incidents group a cause with
-- what it explains.
set local search_path = hauswart;

-- ---------------------------------------------------------------------------------------------------------------
-- Maintenance windows
-- ---------------------------------------------------------------------------------------------------------------
create table maintenance_window (
  provider_id uuid not null references provider,
  maintenance_window_id uuid not null,
  -- null for windows of the whole provider, and for tags over all customers
  customer_id uuid,
  scope text not null check (scope in ('provider', 'customer', 'site', 'device', 'tag')),
  -- id of customer, site or device; the tag's text; empty for the provider
  scope_id text not null default '',
  name text not null,
  -- MaintenanceSchedule of packages/protocol/src/api/maintenance.ts
  schedule jsonb not null,
  -- how long after its end a fault has to be gone before somebody is told, minutes
  grace_minutes integer not null check (grace_minutes between 0 and 1440),
  -- tell: a fault that outlives window and grace is told. keep: as long as it is the same unbroken fault it is only listed
  after_end text not null check (after_end in ('tell', 'keep')),
  created_by text not null,
  created_at timestamptz not null,
  -- no occurrence begins any more
  cancelled_at timestamptz,
  primary key (provider_id, maintenance_window_id)
);
select protect('maintenance_window', 'customer-or-provider');

-- When windows are open, worked out some weeks ahead, so that who opens a finding need not know of calendars.
create table maintenance_occurrence (
  provider_id uuid not null,
  maintenance_window_id uuid not null,
  customer_id uuid,
  starts_at timestamptz not null,
  -- moves forward when somebody ends it early
  ends_at timestamptz not null,
  ended_by text,
  primary key (provider_id, maintenance_window_id, starts_at),
  foreign key (provider_id, maintenance_window_id) references maintenance_window on delete cascade
);
create index maintenance_occurrence_by_time on maintenance_occurrence (provider_id, ends_at, starts_at);
select protect('maintenance_occurrence', 'customer-or-provider');

-- ---------------------------------------------------------------------------------------------------------------
-- Dependencies
-- ---------------------------------------------------------------------------------------------------------------
-- What the device hangs behind: the host of a virtual machine, a switch, a router. null: the site's gateway, where one is set.
alter table device add column depends_on_device_id uuid;
alter table site add column gateway_device_id uuid;
create index device_by_dependency on device (provider_id, depends_on_device_id) where depends_on_device_id is not null;

-- What the device hangs behind, nearest first, at most five deep: a circle ends there too.
create function hauswart.devices_before(provider uuid, device uuid) returns uuid[] language sql stable as $$
  with recursive chain (device_id, depth) as (
    select device, 0
    union all
    select coalesce(d.depends_on_device_id, nullif(s.gateway_device_id, d.device_id)), chain.depth + 1
    from chain
    join hauswart.device d on d.provider_id = provider and d.device_id = chain.device_id
    left join hauswart.site s on s.provider_id = provider and s.site_id = d.site_id
    where chain.depth < 5)
  select coalesce(array_agg(device_id order by depth) filter (where device_id is not null and device_id <> device), '{}') from chain $$;

-- ---------------------------------------------------------------------------------------------------------------
-- Incidents
-- ---------------------------------------------------------------------------------------------------------------
create table incident (
  provider_id uuid not null references provider,
  incident_id uuid not null,
  -- null: the server itself is the cause
  customer_id uuid,
  site_id uuid,
  device_id uuid,
  cause_finding_id uuid not null,
  opened_at timestamptz not null,
  -- the cause is gone, and so is what it explained
  closed_at timestamptz,
  primary key (provider_id, incident_id),
  foreign key (provider_id, cause_finding_id) references finding on delete cascade
);
create unique index incident_of_cause on incident (provider_id, cause_finding_id);
create index incident_open on incident (provider_id, incident_id) where closed_at is null;
select protect('incident', 'customer');

alter table finding
  -- the incident that it causes or belongs to
  add column incident_id uuid,
  -- why nobody is told: a maintenance window, or a cause that explains it
  add column hold_kind text check (hold_kind in ('maintenance', 'cause')),
  add column hold_window_id uuid,
  -- null while nothing says when it ends
  add column hold_until timestamptz,
  -- first time that a notice of it was written: from then on its end is told too
  add column noticed_at timestamptz;
update finding set noticed_at = opened_at where notice_due_at is null;
create index finding_held on finding (provider_id, hold_kind) where hold_kind is not null and closed_at is null;
create index finding_by_incident on finding (provider_id, incident_id) where incident_id is not null;

alter table finding_event drop constraint finding_event_kind_check;
alter table finding_event add constraint finding_event_kind_check
  check (kind in ('opened', 'changed', 'acknowledged', 'reopened', 'closed', 'mailed', 'noted', 'held', 'released'));

-- Whether a window is meant for what these ids name.
create function hauswart.window_covers(w hauswart.maintenance_window, customer uuid, site uuid, device uuid) returns boolean language sql stable as $$
  select (w.customer_id is null or w.customer_id = customer) and case w.scope
    when 'provider' then customer is not null
    when 'customer' then w.scope_id = customer::text
    when 'site' then w.scope_id = site::text
    when 'device' then w.scope_id = device::text or w.scope_id::uuid = any (hauswart.devices_before(w.provider_id, device))
    when 'tag' then exists (select from hauswart.device d where d.provider_id = w.provider_id and d.device_id = device and w.scope_id = any (d.tags))
  end $$;

-- The window that is open now for what these ids name; of several the one that ends last. No row when there is none.
create function hauswart.maintenance_of(provider uuid, customer uuid, site uuid, device uuid, at timestamptz)
returns table (maintenance_window_id uuid, name text, scope text, since timestamptz, until timestamptz, by text) language sql stable rows 1 as $$
  select w.maintenance_window_id, w.name, w.scope, o.starts_at, o.ends_at, w.created_by
  from hauswart.maintenance_occurrence o
  join hauswart.maintenance_window w on w.provider_id = o.provider_id and w.maintenance_window_id = o.maintenance_window_id
  where o.provider_id = provider and o.starts_at <= at and at < o.ends_at and hauswart.window_covers(w, customer, site, device)
  order by o.ends_at desc limit 1 $$;

-- Why nobody is to be told of a finding; no row when somebody is. A cause comes before a window: what it explains is told with it.
-- began: when the fault began, at: when it was found. What is found during the grace after a window counts as of the window.
create function hauswart.hold_of(provider uuid, customer uuid, site uuid, device uuid, about_check text, about_code text, began timestamptz, at timestamptz)
returns table (kind text, window_id uuid, until timestamptz, incident uuid) language sql stable rows 1 as $$
  (select 'cause', null::uuid, null::timestamptz, cause.incident_id
   from hauswart.finding cause
   where cause.provider_id = provider and cause.closed_at is null and cause.incident_id is not null and device is not null
     and ((cause.check_id = 'device' and cause.code = 'silent' and not (about_check = 'device' and about_code = 'silent') and cause.device_id = device)
       or (cause.check_id = 'device' and cause.code = 'silent' and about_check = 'device' and about_code = 'silent'
           and cause.device_id <> device and cause.device_id = any (hauswart.devices_before(provider, device)))
       or (cause.check_id = 'site' and cause.code = 'offline' and cause.site_id = site)
       or (cause.check_id = 'server' and cause.code = 'agents-lost' and about_check = 'device' and about_code = 'silent'))
   order by cause.check_id desc, cause.opened_at limit 1)
  union all
  (select 'maintenance', w.maintenance_window_id, case when w.after_end = 'tell' or began > o.ends_at then o.ends_at + w.grace_minutes * interval '1 minute' end, null
   from hauswart.maintenance_occurrence o
   join hauswart.maintenance_window w on w.provider_id = o.provider_id and w.maintenance_window_id = o.maintenance_window_id
   where o.provider_id = provider
     and ((o.starts_at <= began and began < o.ends_at) or (o.starts_at <= at and at < o.ends_at + w.grace_minutes * interval '1 minute'))
     and hauswart.window_covers(w, customer, site, device)
   order by w.after_end, o.ends_at desc limit 1)
  limit 1 $$;

grant select, insert, update, delete on maintenance_window, maintenance_occurrence, incident to hauswart_app;
grant select on maintenance_window, maintenance_occurrence to hauswart_ingest;
grant select, insert, update on incident to hauswart_ingest;
grant execute on all functions in schema hauswart to hauswart_app, hauswart_ingest;
revoke execute on function protect(regclass, text) from public, hauswart_app, hauswart_ingest;

-- ---------------------------------------------------------------------------------------------------------------
-- An acknowledgement has two notes: one for the house, one that the customer may read.
-- ---------------------------------------------------------------------------------------------------------------
alter table finding add column acknowledged_customer_note text;
