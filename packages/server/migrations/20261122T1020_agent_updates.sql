-- Updates of agents: which release goes out how far, what each agent runs, and who goes first.
set local search_path = hauswart;

-- A release on its way to a provider's devices.
create table agent_rollout (
  provider_id uuid not null references provider,
  version text not null,
  state text not null check (state in ('running', 'paused', 'halted', 'finished')),
  -- how far it goes: the first ring, the first two, all
  stage text not null check (stage in ('canary', 'early', 'all')),
  -- why it was halted: devices that failed, of those that ended
  failed_devices integer,
  ended_devices integer,
  started_at timestamptz not null,
  stage_since timestamptz not null,
  -- failures before that have been seen by somebody
  judged_from timestamptz not null,
  primary key (provider_id, version)
);
select protect('agent_rollout', 'provider');

-- How a device's agent stands: what it said of itself, and the last update that it was offered.
create table device_update (
  provider_id uuid not null,
  device_id uuid not null,
  customer_id uuid not null,
  manifest_format integer not null,
  loader integer not null,
  runtime text not null,
  target text not null,
  running text not null,
  is_trial boolean not null,
  -- how the run before ended when it was not in order
  ended_reason text,
  ended_at timestamptz,
  version text,
  state text check (state in ('offered', 'downloading', 'starting', 'confirmed', 'refused', 'failed', 'rolled-back')),
  code text not null default '',
  detail text not null default '',
  attempts integer not null default 0,
  changed_at timestamptz,
  -- the agent's own time of the result that was taken in last
  result_at timestamptz,
  primary key (provider_id, device_id),
  foreign key (provider_id, device_id) references device on delete cascade
);
create index device_update_by_version on device_update (provider_id, version);
select protect('device_update', 'customer');

-- Who gets a release when; the device's own choice goes before its site's, and that before its customer's.
create table update_ring (
  provider_id uuid not null,
  customer_id uuid not null,
  kind text not null check (kind in ('customer', 'site', 'device')),
  subject_id uuid not null,
  ring text not null check (ring in ('canary', 'early', 'all')),
  primary key (provider_id, kind, subject_id),
  foreign key (provider_id, customer_id) references customer on delete cascade
);
select protect('update_ring', 'customer');

grant select, insert, update, delete on agent_rollout, device_update, update_ring to hauswart_app;
