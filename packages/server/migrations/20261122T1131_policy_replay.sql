-- Replays of policy drafts over what is stored: how far they are, and what came of them. Kept for a day.
set local search_path = hauswart;

create table policy_replay (
  provider_id uuid not null references provider,
  replay_id uuid not null,
  -- of the policy; null = of the whole provider
  customer_id uuid,
  -- account:ID or api-key:ID; nobody else is told
  asked_by text not null,
  check_id text not null,
  instance text not null,
  days integer not null,
  state text not null check (state in ('waiting', 'running', 'done', 'cancelled', 'failed')),
  devices integer not null default 0,
  devices_done integer not null default 0,
  -- ReplayResult (packages/protocol/src/api/policy-replay.ts)
  result jsonb,
  started_at timestamptz not null,
  -- the process that works on it says so every few seconds
  alive_at timestamptz not null,
  primary key (provider_id, replay_id)
);
select protect('policy_replay', 'customer');
create index policy_replay_by_time on policy_replay (provider_id, started_at);
grant select, insert, update, delete on policy_replay to hauswart_app;
