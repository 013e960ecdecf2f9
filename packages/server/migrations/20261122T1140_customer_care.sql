-- What follows an alarm: the customer orders the repair (ALM-2), is contacted (ALM-3), reads a mail every day (ALM-4).
set local search_path = hauswart;

alter table customer add column terms jsonb not null default '{}';

-- Which kinds there are is said where they are written and read; here only what they look like.
alter table finding_event drop constraint finding_event_kind_check;
alter table finding_event add constraint finding_event_kind_check check (kind <> '');

-- A repair that a customer ordered from the mail about a finding. What the orderer read stays as it was, whatever becomes of
-- finding, device and terms.
create table repair_order (
  provider_id uuid not null,
  repair_order_id uuid not null,
  customer_id uuid not null,
  finding_id uuid not null,
  device_id uuid,
  mail_id uuid not null,
  language text not null check (language in ('de', 'en')),
  title text not null,
  device_name text,
  site_name text,
  terms jsonb not null,
  ordered_by text not null,
  contact text not null,
  note text not null,
  address text not null,
  ordered_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'accepted', 'done', 'declined')),
  state_by text,
  state_at timestamptz,
  state_note text not null default '',
  primary key (provider_id, repair_order_id),
  foreign key (provider_id, customer_id) references customer on delete cascade
);
-- Ordered once, by whichever of the mails about it.
create unique index repair_order_of_finding on repair_order (provider_id, finding_id);
create index repair_order_by_state on repair_order (provider_id, state, repair_order_id desc);
select protect('repair_order', 'customer');

-- A telephone call or mail with the customer about a finding.
create table contact (
  provider_id uuid not null,
  contact_id uuid not null,
  customer_id uuid not null,
  finding_id uuid not null,
  title text not null,
  device_name text,
  channel text not null check (channel in ('telephone', 'mail', 'in-person', 'other')),
  partner text not null,
  at timestamptz not null,
  reached boolean not null,
  agreed text not null,
  next_step text not null,
  next_due_at timestamptz,
  next_done_at timestamptz,
  recorded_by text not null,
  primary key (provider_id, contact_id),
  foreign key (provider_id, customer_id) references customer on delete cascade
);
create index contact_of_finding on contact (provider_id, finding_id);
create index contact_step_due on contact (provider_id, next_due_at) where next_due_at is not null and next_done_at is null;
select protect('contact', 'customer');

-- The mail of critical events: one row per customer and local day, written with the mail, so that no day is told twice or left out.
create table daily_mail (
  provider_id uuid not null,
  customer_id uuid not null,
  day date not null,
  due_at timestamptz not null,
  written_at timestamptz not null,
  -- What it told, for proof: findings, devices, devices that were measured.
  told jsonb not null,
  mail_ids uuid[] not null,
  primary key (provider_id, customer_id, day),
  foreign key (provider_id, customer_id) references customer on delete cascade
);
select protect('daily_mail', 'customer');

grant select, insert, update, delete on repair_order, contact, daily_mail to hauswart_app;
