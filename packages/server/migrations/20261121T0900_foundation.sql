-- The foundation: tenancy, access, the agent link, samples, findings, mail, webhooks, audit.
-- Every key starts with provider_id, so that the tables can be distributed. Customer-owned rows carry customer_id,
-- fixed when written. Row-level security is forced on every table; see hauswart_protect below.

set local search_path = hauswart;

-- ---------------------------------------------------------------------------------------------------------------
-- The second wall. Each transaction says for which provider it works (app.provider) and which customers its actor may
-- touch (app.customers: '*' or an array of ids). Unset settings read as '' and fail the cast: closed, not open.
-- ---------------------------------------------------------------------------------------------------------------
create function hauswart.current_provider() returns uuid language sql stable parallel safe
  as $$ select current_setting('app.provider')::uuid $$;
create function hauswart.all_customers() returns boolean language sql stable parallel safe
  as $$ select current_setting('app.customers') = '*' $$;
create function hauswart.current_customers() returns uuid[] language sql stable parallel safe
  as $$ select case when current_setting('app.customers') = '*' then '{}' else current_setting('app.customers') end::uuid[] $$;

-- Puts a table behind the wall. The wall stands for the two roles that connect; hauswart_owner, which owns the tables and
-- keeps house over all providers, has a policy of its own, so that it needs no right that PostgreSQL reserves for superusers.
-- owner: 'provider' = rows of the whole provider, for actors without customer restriction
-- and for reading by all its actors; 'provider-secret' = only actors without customer restriction; 'customer' = rows of one
-- customer, and where customer_id is null (a mail about several customers) only for actors without restriction;
-- 'customer-or-provider' = customer_id may be null for rows of the whole provider, which restricted actors can read only.
create function hauswart.protect(target regclass, owner text) returns void language plpgsql as $$
declare
  provider constant text := 'provider_id = (select hauswart.current_provider())';
  unrestricted constant text := '(select hauswart.all_customers())';
  own_customer constant text := '(' || unrestricted || ' or customer_id = any ((select hauswart.current_customers())::uuid[]))';
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy maintenance on %s for all to hauswart_owner using (true) with check (true)', target);
  case owner
    when 'provider' then
      execute format('create policy readable on %s for select to hauswart_app, hauswart_ingest using (%s)', target, provider);
      execute format('create policy writable on %s for all to hauswart_app, hauswart_ingest using (%s and %s) with check (%s and %s)', target, provider, unrestricted, provider, unrestricted);
    when 'provider-secret' then
      execute format('create policy reachable on %s for all to hauswart_app, hauswart_ingest using (%s and %s) with check (%s and %s)', target, provider, unrestricted, provider, unrestricted);
    when 'customer' then
      execute format('create policy reachable on %s for all to hauswart_app, hauswart_ingest using (%s and %s) with check (%s and %s)', target, provider, own_customer, provider, own_customer);
    when 'customer-or-provider' then
      execute format('create policy readable on %s for select to hauswart_app, hauswart_ingest using (%s and (customer_id is null or %s))', target, provider, own_customer);
      execute format('create policy writable on %s for all to hauswart_app, hauswart_ingest using (%s and %s) with check (%s and %s)', target, provider, own_customer, provider, own_customer);
    else raise exception 'unknown owner %', owner;
  end case;
  execute format('comment on table %s is %L', target, 'owner: ' || owner);
end $$;

-- ---------------------------------------------------------------------------------------------------------------
-- Tenancy
-- ---------------------------------------------------------------------------------------------------------------
create table provider (
  provider_id uuid primary key,
  name text not null,
  language text not null default 'de' check (language in ('de', 'en')),
  time_zone text not null default 'Europe/Berlin',
  settings jsonb not null default '{}',
  created_at timestamptz not null default now()
);
select protect('provider', 'provider');

create table customer (
  provider_id uuid not null references provider,
  customer_id uuid not null,
  name text not null,
  language text not null default 'de' check (language in ('de', 'en')),
  time_zone text not null default 'Europe/Berlin',
  created_at timestamptz not null default now(),
  primary key (provider_id, customer_id)
);
create unique index customer_name on customer (provider_id, lower(name));
select protect('customer', 'customer');

create table site (
  provider_id uuid not null,
  site_id uuid not null,
  customer_id uuid not null,
  name text not null,
  created_at timestamptz not null default now(),
  primary key (provider_id, site_id),
  foreign key (provider_id, customer_id) references customer on delete cascade
);
create unique index site_name on site (provider_id, customer_id, lower(name));
select protect('site', 'customer');

create table device (
  provider_id uuid not null,
  device_id uuid not null,
  customer_id uuid not null,
  site_id uuid not null,
  name text not null,
  hostname text not null,
  kind text not null default 'agent' check (kind in ('agent', 'measured')),
  role text not null check (role in ('workstation', 'server')),
  system text not null check (system in ('linux', 'darwin', 'win32')),
  system_name text not null default '',
  system_version text not null default '',
  architecture text not null default '',
  agent_version text not null default '',
  tags text[] not null default '{}',
  lifecycle text not null default 'active' check (lifecycle in ('active', 'quarantined', 'revoked')),
  public_key bytea,
  fingerprint text,
  -- Sample versions of the checks that this agent can run: {"disk-space": 1}
  agent_checks jsonb not null default '{}',
  booted_at timestamptz,
  enrolled_at timestamptz not null default now(),
  -- Next number for check_instance.number; numbers are never used twice.
  next_check_number smallint not null default 0,
  -- Counts changes of what the agent shall run; the gateway sends the new configuration when it moves.
  configuration_revision bigint not null default 0,
  primary key (provider_id, device_id),
  foreign key (provider_id, site_id) references site
);
-- An agent says its device id before its provider is known.
create index device_by_id on device (device_id);
create index device_by_customer on device (provider_id, customer_id, lower(name), device_id);
create index device_by_name on device (provider_id, lower(name), device_id);
create index device_by_site on device (provider_id, site_id);
create index device_by_tag on device using gin (tags);
select protect('device', 'customer');

create table enrolment_token (
  provider_id uuid not null references provider,
  enrolment_token_id uuid not null,
  customer_id uuid not null,
  site_id uuid not null,
  token_hash bytea not null unique,
  role text not null check (role in ('workstation', 'server')),
  uses_left integer not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (provider_id, enrolment_token_id),
  foreign key (provider_id, site_id) references site on delete cascade
);
select protect('enrolment_token', 'customer');

-- ---------------------------------------------------------------------------------------------------------------
-- Access
-- ---------------------------------------------------------------------------------------------------------------
create table account (
  provider_id uuid not null references provider,
  account_id uuid not null,
  email text not null,
  name text not null,
  role text not null check (role in ('owner')),
  language text not null default 'de' check (language in ('de', 'en')),
  password_hash text not null,
  created_at timestamptz not null default now(),
  last_visit_at timestamptz,
  primary key (provider_id, account_id)
);
create unique index account_email on account (lower(email));
select protect('account', 'provider-secret');

create table session (
  provider_id uuid not null,
  session_id uuid not null,
  account_id uuid not null,
  token_hash bytea not null unique,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null,
  -- Set at sign-out. The row stays a while: its address is one that the account is known to come from.
  ended_at timestamptz,
  address text not null,
  user_agent text not null,
  primary key (provider_id, session_id),
  foreign key (provider_id, account_id) references account on delete cascade
);
create index session_by_account on session (provider_id, account_id, created_at desc);
select protect('session', 'provider-secret');

create table api_key (
  provider_id uuid not null references provider,
  api_key_id uuid not null,
  name text not null,
  key_hash bytea not null unique,
  scopes text[] not null,
  -- null = all customers
  customer_ids uuid[],
  -- account:ID or api-key:ID; a key falls with the key that made it
  created_by text not null,
  created_at timestamptz not null default now(),
  -- null = until revoked
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (provider_id, api_key_id)
);
select protect('api_key', 'provider-secret');

-- Wrong passwords, per account and per address. Belongs to no provider: it is asked before anybody is known.
create table sign_in_failure (
  kind text not null check (kind in ('account', 'address')),
  -- SHA-256 of the e-mail address as typed (people type passwords there), or the network address
  key text not null,
  failures integer not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (kind, key)
);
comment on table sign_in_failure is 'owner: none';

-- ---------------------------------------------------------------------------------------------------------------
-- Policies
-- ---------------------------------------------------------------------------------------------------------------
create table policy (
  provider_id uuid not null references provider,
  policy_id uuid not null,
  customer_id uuid,
  name text not null,
  -- array of PolicyCheck (packages/protocol/src/api/models.ts)
  checks jsonb not null default '[]',
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (provider_id, policy_id)
);
select protect('policy', 'customer-or-provider');

create table policy_assignment (
  provider_id uuid not null,
  policy_id uuid not null,
  -- customer that the assignment belongs to; null for provider-wide and tag assignments
  customer_id uuid,
  scope text not null check (scope in ('provider', 'customer', 'site', 'device', 'tag')),
  scope_id text not null default '',
  primary key (provider_id, policy_id, scope, scope_id),
  foreign key (provider_id, policy_id) references policy on delete cascade
);
select protect('policy_assignment', 'customer-or-provider');

-- ---------------------------------------------------------------------------------------------------------------
-- Truth: instances, link and latest values, samples, findings
-- ---------------------------------------------------------------------------------------------------------------

-- One row per check instance of a device. The judged state is written only when it changes.
create table check_instance (
  provider_id uuid not null,
  device_id uuid not null,
  number smallint not null,
  customer_id uuid not null,
  check_id text not null,
  instance text not null default '',
  -- effective, resolved from the policies
  enabled boolean not null default true,
  every_seconds integer not null,
  daily_at_hour smallint,
  failures_before_finding smallint not null default 1,
  selection jsonb not null default '{}',
  selection_version integer not null default 1,
  judgement jsonb not null default '{}',
  -- Equal for instances with equal settings, over all devices: thousands of devices share what this process keeps of them.
  settings_key text not null generated always as (md5(check_id || e'\n' || instance || e'\n' || every_seconds::text || e'\n' || coalesce(daily_at_hour::text, '')
    || e'\n' || failures_before_finding::text || e'\n' || selection_version::text || e'\n' || selection::text || e'\n' || judgement::text)) stored,
  -- per setting: which policy gave it
  sources jsonb not null default '{}',
  -- judged: ok, warning, failure or unknown with its reason; age of evidence is judged when read
  state text not null default 'unknown' check (state in ('ok', 'warning', 'failure', 'unknown')),
  unknown_reason text,
  unknown_detail text,
  state_since timestamptz,
  -- array of {code, subject, failures, open}: subjects that are or were bad, with their fail counters; open is the severity
  -- of the finding that stands for it, or null
  verdicts jsonb not null default '[]',
  primary key (provider_id, device_id, number),
  unique (provider_id, device_id, check_id, instance),
  foreign key (provider_id, device_id) references device on delete cascade
);
select protect('check_instance', 'customer');

-- One small hot row per device: who holds its socket, how far its stream is committed, the latest values.
-- Updated in place (HOT) with each batch, so nothing here may be indexed but the key.
create table device_link (
  provider_id uuid not null,
  device_id uuid not null,
  customer_id uuid not null,
  epoch bigint not null default 0,
  process_id uuid,
  stream_id uuid,
  last_sequence bigint not null default 0,
  last_hash bytea,
  connected_at timestamptz,
  disconnected_at timestamptz,
  last_seen_at timestamptz,
  goodbye text,
  goodbye_at timestamptz,
  clock_offset_ms double precision,
  dropped_samples bigint not null default 0,
  -- latest evidence per check instance, parallel arrays
  check_numbers smallint[] not null default '{}',
  evidence_at timestamptz[] not null default '{}',
  fact_numbers integer[] not null default '{}',
  -- latest series values, packed one check after the other; value_counts says how many belong to each; NaN = no number
  value_counts smallint[] not null default '{}',
  latest double precision[] not null default '{}',
  primary key (provider_id, device_id),
  foreign key (provider_id, device_id) references device on delete cascade
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.2);
select protect('device_link', 'customer');

-- A sample without its series fields; kept when it changes. Sample = fact + values in the fact's order.
create table sample_fact (
  provider_id uuid not null,
  device_id uuid not null,
  check_number smallint not null,
  fact_number integer not null,
  customer_id uuid not null,
  first_at timestamptz not null,
  body jsonb not null,
  -- of the body as the server split it; a fact that comes back gets its old number
  hash bigint not null,
  primary key (provider_id, device_id, check_number, fact_number)
);
select protect('sample_fact', 'customer');

-- One row per device batch; partitioned by receive time, so that a wrong clock harms nobody. Partitions: partition job.
create table sample_batch (
  provider_id uuid not null,
  customer_id uuid not null,
  device_id uuid not null,
  received_at timestamptz not null,
  stream_id uuid not null,
  sequence bigint not null,
  -- device clock minus server clock, as measured with this message
  clock_offset_ms bigint not null,
  -- parallel arrays, one element per sample
  check_numbers smallint[] not null,
  -- milliseconds between the sample (corrected by the offset) and received_at; positive = before
  ages_ms integer[] not null,
  -- fact number, or -1 no data, -2 failed (then the reason stands in sample_outcome)
  fact_numbers integer[] not null,
  value_counts smallint[] not null,
  -- NaN = the sample has no number here (null); a null in the array would make every read of an element walk the array
  values double precision[] not null
) partition by range (received_at);
create index sample_batch_by_device on sample_batch (provider_id, device_id, received_at);
select protect('sample_batch', 'customer');

-- Measurements that yielded no sample, written when the outcome changes.
create table sample_outcome (
  provider_id uuid not null,
  device_id uuid not null,
  check_number smallint not null,
  at timestamptz not null,
  customer_id uuid not null,
  kind text not null check (kind in ('no-data', 'failed')),
  code text,
  detail text not null default '',
  primary key (provider_id, device_id, check_number, at)
);
select protect('sample_outcome', 'customer');

-- What a judge may look back on: the points of a check's declared history, rewritten when one is added.
create table check_history (
  provider_id uuid not null,
  device_id uuid not null,
  check_number smallint not null,
  customer_id uuid not null,
  -- one element per remembered series
  fields text[] not null,
  subjects text[] not null,
  -- Unix milliseconds, oldest first; all series share them
  point_times bigint[] not null,
  -- the points of one series after the other, each as many as there are times; NaN = no point of this series at that time
  point_values double precision[] not null,
  primary key (provider_id, device_id, check_number)
) with (fillfactor = 70);
select protect('check_history', 'customer');

-- Things that happened, one by one (field kind `entries`).
create table sample_entry (
  provider_id uuid not null,
  device_id uuid not null,
  received_at timestamptz not null,
  check_number smallint not null,
  customer_id uuid not null,
  field text not null,
  at timestamptz not null,
  body jsonb not null
) partition by range (received_at);
create index sample_entry_by_device on sample_entry (provider_id, device_id, received_at);
select protect('sample_entry', 'customer');

-- Raw samples after packing: one row per device, check instance, subject and UTC day.
create table sample_packed (
  provider_id uuid not null,
  device_id uuid not null,
  check_number smallint not null,
  day date not null,
  subject text not null,
  customer_id uuid not null,
  sample_count integer not null,
  value_count integer not null,
  body bytea not null,
  primary key (provider_id, device_id, check_number, day, subject)
) partition by range (day);
select protect('sample_packed', 'customer');

-- Roll-ups: one row per device, check instance and UTC day, written hour by hour. A row per hour would repeat the names of
-- its series 24 times a day, and a long graph of one check would read all checks of the device.
create table sample_rollup (
  provider_id uuid not null,
  device_id uuid not null,
  check_number smallint not null,
  day date not null,
  customer_id uuid not null,
  -- hours by series: count, minimum, mean, maximum, worst state; see packages/server/src/history/rollup-day.ts
  body bytea not null,
  primary key (provider_id, device_id, check_number, day)
) partition by range (day);
select protect('sample_rollup', 'customer');

-- Messages that could not be stored although they fit their schema; nothing is dropped in silence.
create table quarantined_message (
  provider_id uuid not null,
  quarantined_message_id uuid not null,
  customer_id uuid not null,
  device_id uuid not null,
  stream_id uuid not null,
  sequence bigint not null,
  received_at timestamptz not null,
  body bytea not null,
  error text not null,
  primary key (provider_id, quarantined_message_id)
);
select protect('quarantined_message', 'customer');

create table finding (
  provider_id uuid not null,
  finding_id uuid not null,
  customer_id uuid not null,
  site_id uuid,
  device_id uuid,
  check_id text not null,
  check_number smallint,
  instance text not null default '',
  code text not null,
  subject text not null default '',
  severity text not null check (severity in ('warning', 'failure')),
  evidence jsonb not null,
  evidence_at timestamptz not null,
  opened_at timestamptz not null,
  changed_at timestamptz not null,
  closed_at timestamptz,
  close_reason text,
  acknowledged_at timestamptz,
  acknowledged_by text,
  acknowledged_note text,
  acknowledged_until timestamptz,
  -- Opened by late evidence: its notice waits until then, and is never written if the finding closes before.
  notice_due_at timestamptz,
  primary key (provider_id, finding_id)
);
-- At most one open finding per scope, check instance, code and subject.
create unique index finding_open on finding (provider_id, customer_id, coalesce(device_id, '00000000-0000-0000-0000-000000000000'), check_id, instance, code, subject) where closed_at is null;
create index finding_notice_due on finding (notice_due_at) where notice_due_at is not null;
create index finding_acknowledged_until on finding (acknowledged_until) where closed_at is null and acknowledged_until is not null;
create index finding_by_time on finding (provider_id, opened_at desc, finding_id);
create index finding_by_device on finding (provider_id, device_id, opened_at desc);
select protect('finding', 'customer');

create table finding_event (
  provider_id uuid not null,
  finding_event_id uuid not null,
  finding_id uuid not null,
  customer_id uuid not null,
  at timestamptz not null,
  kind text not null check (kind in ('opened', 'changed', 'acknowledged', 'reopened', 'closed', 'mailed')),
  actor jsonb not null,
  severity text,
  note text,
  evidence jsonb,
  primary key (provider_id, finding_event_id)
);
create index finding_event_by_finding on finding_event (provider_id, finding_id, finding_event_id);
select protect('finding_event', 'customer');

-- Rows written with a change of a finding and taken by those who tell others (mail, webhooks, live stream).
create table finding_notice (
  provider_id uuid not null,
  finding_notice_id uuid not null,
  customer_id uuid not null,
  site_id uuid,
  finding_id uuid not null,
  kind text not null check (kind in ('opened', 'changed', 'closed')),
  at timestamptz not null default now(),
  mailed_at timestamptz,
  hooked_at timestamptz,
  primary key (provider_id, finding_notice_id)
);
create index finding_notice_to_mail on finding_notice (provider_id, finding_notice_id) where mailed_at is null;
create index finding_notice_to_hook on finding_notice (provider_id, finding_notice_id) where hooked_at is null;
select protect('finding_notice', 'customer');

-- ---------------------------------------------------------------------------------------------------------------
-- Mail and webhooks
-- ---------------------------------------------------------------------------------------------------------------
create table mail_recipient (
  provider_id uuid not null references provider,
  recipient_id uuid not null,
  customer_id uuid,
  site_id uuid,
  address text not null,
  language text not null default 'de' check (language in ('de', 'en')),
  from_severity text not null default 'warning' check (from_severity in ('warning', 'failure')),
  checks text[],
  recoveries boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (provider_id, recipient_id)
);
select protect('mail_recipient', 'customer');

create table mail (
  provider_id uuid not null references provider,
  mail_id uuid not null,
  customer_id uuid,
  site_id uuid,
  message_id text not null unique,
  -- [{address, state: queued|sent|refused, answer}]
  recipients jsonb not null,
  headers jsonb not null default '{}',
  subject text not null,
  text_body text not null,
  html_body text not null,
  state text not null check (state in ('queued', 'sent', 'refused', 'kept')),
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  last_error text,
  finding_ids uuid[] not null default '{}',
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  primary key (provider_id, mail_id)
);
create index mail_due on mail (next_attempt_at) where state = 'queued';
select protect('mail', 'customer');

create table webhook (
  provider_id uuid not null references provider,
  webhook_id uuid not null,
  customer_id uuid,
  url text not null,
  secret text not null,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (provider_id, webhook_id)
);
select protect('webhook', 'customer');

create table webhook_delivery (
  provider_id uuid not null,
  delivery_id uuid not null,
  webhook_id uuid not null,
  customer_id uuid,
  event text not null,
  body text not null,
  state text not null check (state in ('queued', 'delivered', 'failed')),
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  last_status integer,
  last_error text,
  created_at timestamptz not null default now(),
  primary key (provider_id, delivery_id),
  foreign key (provider_id, webhook_id) references webhook on delete cascade
);
create index webhook_delivery_due on webhook_delivery (next_attempt_at) where state = 'queued';
select protect('webhook_delivery', 'customer');

-- ---------------------------------------------------------------------------------------------------------------
-- Audit: appended freely with the row's own hash, sealed into a chain by a job
-- ---------------------------------------------------------------------------------------------------------------
create table audit_entry (
  provider_id uuid not null references provider,
  audit_entry_id uuid not null,
  customer_id uuid,
  at timestamptz not null default clock_timestamp(),
  -- transaction that wrote the row; the sealing job takes only rows older than any running transaction
  written_by xid8 not null default pg_current_xact_id(),
  actor jsonb not null,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  detail jsonb not null default '{}',
  hash bytea not null,
  -- place in the chain; null until sealed
  position bigint,
  primary key (provider_id, audit_entry_id)
);
create unique index audit_entry_position on audit_entry (provider_id, position) where position is not null;
create index audit_entry_unsealed on audit_entry (provider_id, audit_entry_id) where position is null;
create index audit_entry_by_subject on audit_entry (provider_id, subject_kind, subject_id, audit_entry_id desc);
select protect('audit_entry', 'customer');

create table audit_seal (
  provider_id uuid not null references provider,
  seal_number bigint not null,
  first_position bigint not null,
  last_position bigint not null,
  previous_head bytea not null,
  head bytea not null,
  -- Merkle root of all rows in this seal
  root bytea not null,
  -- Merkle root per customer id of the rows in this seal, hex; 'provider' for rows without a customer
  customer_roots jsonb not null,
  sealed_at timestamptz not null default clock_timestamp(),
  primary key (provider_id, seal_number)
);
select protect('audit_seal', 'provider-secret');

-- ---------------------------------------------------------------------------------------------------------------
-- The server itself
-- ---------------------------------------------------------------------------------------------------------------
create table server_process (
  process_id uuid primary key,
  started_at timestamptz not null,
  alive_at timestamptz not null,
  stopped_at timestamptz,
  -- the last time that it ran without reaching its database: no service either
  gap_from timestamptz,
  gap_until timestamptz
);
comment on table server_process is 'owner: none';

-- Secrets of the installation itself (the server's identity key …). Read by the owner only.
create table installation (
  name text primary key,
  value bytea not null
);
comment on table installation is 'owner: none';

-- ---------------------------------------------------------------------------------------------------------------
-- Rights of the two roles. hauswart_app serves the API and the jobs; hauswart_ingest stores what agents send, nothing more.
-- ---------------------------------------------------------------------------------------------------------------
grant usage on schema hauswart to hauswart_app, hauswart_ingest;
grant execute on all functions in schema hauswart to hauswart_app, hauswart_ingest;
grant select, insert, update, delete on all tables in schema hauswart to hauswart_app;
revoke all on installation, migration from hauswart_app;
revoke update, delete on audit_entry, audit_seal, finding_event from hauswart_app;
grant update (position) on audit_entry to hauswart_app;
grant select on device, check_instance, provider, site, customer, sample_fact, sample_rollup, sample_packed, sample_batch to hauswart_ingest;
grant select, insert, update on device_link, finding, check_history to hauswart_ingest;
grant update (state, unknown_reason, unknown_detail, state_since, verdicts) on check_instance to hauswart_ingest;
grant insert on sample_fact, sample_batch, sample_outcome, sample_entry, quarantined_message, finding_event, finding_notice to hauswart_ingest;
revoke execute on function protect(regclass, text) from public, hauswart_app, hauswart_ingest;
