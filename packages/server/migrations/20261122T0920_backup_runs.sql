-- Backups of this installation: when, where to, and what came of it.
set local search_path = hauswart;

create table backup_run (
  backup_run_id uuid primary key,
  occasion text not null check (occasion in ('schedule', 'command')),
  started_at timestamptz not null,
  -- null = running, or the process died in the middle of it
  finished_at timestamptz,
  outcome text check (outcome in ('succeeded', 'failed')),
  -- absolute path; null until it is whole
  file text,
  file_bytes bigint,
  is_encrypted boolean not null default false,
  problem text
);
create index backup_run_by_time on backup_run (started_at desc);
comment on table backup_run is 'owner: none';
grant select on backup_run to hauswart_app;
