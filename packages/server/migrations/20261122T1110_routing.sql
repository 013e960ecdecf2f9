-- Who is told what, how and when: recipients of several channels, quiet hours, people on call, escalation.
set local search_path = hauswart;

-- A recipient is told by mail, in a Teams channel, on an ntfy topic or in a person's browsers.
alter table mail_recipient rename to recipient;
alter table recipient
  add column channel text not null default 'mail' check (channel in ('mail', 'teams', 'ntfy', 'push')),
  -- Groups of checks; null: all. A finding fits that is of one of the topics or of one of the checks.
  add column topics text[],
  -- Whose it is: a person of the house. Told by the on-call list when on_call_only.
  add column account_id uuid,
  add column on_call_only boolean not null default false,
  -- Sealed: the address of a Teams workflow, the token of an ntfy topic.
  add column secret bytea,
  -- Nothing in the quiet hours of its place; what came meanwhile follows in one message afterwards.
  add column quiet boolean not null default false,
  -- Findings at least this severe come all the same; null: none.
  add column quiet_except text check (quiet_except in ('warning', 'failure')),
  -- {"since", "via": "refused" | "returned", "reason"}: its last message could not be delivered.
  add column unreachable jsonb,
  add foreign key (provider_id, account_id) references account on delete cascade;

-- In the contract level Basis alarms by mail are the customer's to order (ALM-1).
alter table customer
  add column contract_level text check (contract_level in ('basis', 'extended', 'premium')),
  add column alarms_ordered_at timestamptz;

-- One outbox for everything that goes by HTTP.
alter table webhook_delivery rename to delivery;
alter table delivery
  alter column webhook_id drop not null,
  add column channel text not null default 'webhook' check (channel in ('webhook', 'teams', 'ntfy', 'push')),
  add column recipient_id uuid,
  add column push_subscription_id uuid,
  add column is_test boolean not null default false,
  add column finding_ids uuid[] not null default '{}',
  -- why it was not delivered, in a word
  add column problem text,
  -- how the receiver's answer began
  add column answer text,
  add foreign key (provider_id, recipient_id) references recipient on delete cascade;
create index delivery_by_recipient on delivery (provider_id, recipient_id, delivery_id desc) where recipient_id is not null;

-- What an address was told is remembered by address for mail and by recipient for the other channels.
alter table mail_told rename to told;

-- Told after the quiet hours.
create table held_notice (
  provider_id uuid not null,
  recipient_id uuid not null,
  finding_id uuid not null,
  customer_id uuid,
  held_at timestamptz not null,
  due_at timestamptz not null,
  primary key (provider_id, recipient_id, finding_id),
  foreign key (provider_id, recipient_id) references recipient on delete cascade,
  foreign key (provider_id, finding_id) references finding on delete cascade
);
create index held_notice_due on held_notice (due_at);
select protect('held_notice', 'customer');

create table rota (
  provider_id uuid not null references provider,
  rota_id uuid not null,
  name text not null,
  time_zone text not null,
  -- [{name, hours: always | service | outside-service, startsOn, handover: {weekday, time}, everyWeeks, accountIds}]
  layers jsonb not null,
  created_at timestamptz not null,
  primary key (provider_id, rota_id)
);
select protect('rota', 'provider');

-- Somebody stands in for whoever would be on call.
create table rota_override (
  provider_id uuid not null,
  override_id uuid not null,
  rota_id uuid not null,
  layer smallint not null,
  account_id uuid not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  note text not null default '',
  primary key (provider_id, override_id),
  foreign key (provider_id, rota_id) references rota on delete cascade,
  foreign key (provider_id, account_id) references account on delete cascade
);
select protect('rota_override', 'provider');

create table escalation_plan (
  provider_id uuid not null references provider,
  plan_id uuid not null,
  -- null: all customers
  customer_id uuid,
  name text not null,
  from_severity text not null check (from_severity in ('warning', 'failure')),
  topics text[],
  hours text not null check (hours in ('always', 'service', 'outside-service')),
  -- [{afterMinutes, to: {kind: rota, rotaId, layer} | {kind: account, accountId} | {kind: owners}}]
  steps jsonb not null,
  -- after the last step begins with the first again, so many times
  repeats smallint not null,
  -- who is told of several findings within a minute gets one message
  last_told_at timestamptz,
  created_at timestamptz not null,
  primary key (provider_id, plan_id)
);
select protect('escalation_plan', 'customer-or-provider');

-- A finding on its way through a plan. Whoever takes the row at its due time tells, moves it on and commits all of it at once.
create table escalation (
  provider_id uuid not null,
  finding_id uuid not null,
  customer_id uuid,
  plan_id uuid not null,
  round smallint not null default 0,
  step smallint not null default 0,
  -- running; acknowledged; over: the finding is closed; ended: nobody acknowledged and no step is left
  state text not null check (state in ('running', 'acknowledged', 'over', 'ended')),
  due_at timestamptz,
  started_at timestamptz not null,
  ended_at timestamptz,
  primary key (provider_id, finding_id),
  foreign key (provider_id, finding_id) references finding on delete cascade,
  foreign key (provider_id, plan_id) references escalation_plan on delete cascade
);
create index escalation_due on escalation (due_at) where state = 'running';
select protect('escalation', 'customer');

-- Somebody on call was told; the link in that mail acknowledges these findings in their name.
create table escalation_call (
  provider_id uuid not null,
  call_id uuid not null,
  account_id uuid not null,
  finding_ids uuid[] not null,
  called_at timestamptz not null,
  acknowledged_at timestamptz,
  primary key (provider_id, call_id),
  foreign key (provider_id, account_id) references account on delete cascade
);
select protect('escalation_call', 'provider-secret');

-- Browsers of people that take messages (RFC 8030).
create table push_subscription (
  provider_id uuid not null,
  push_subscription_id uuid not null,
  account_id uuid not null,
  endpoint text not null,
  p256dh text not null,
  auth bytea not null,
  device_name text not null,
  created_at timestamptz not null,
  primary key (provider_id, push_subscription_id),
  foreign key (provider_id, account_id) references account on delete cascade
);
create unique index push_subscription_endpoint on push_subscription (endpoint);
select protect('push_subscription', 'provider-secret');

-- With what the house signs its messages to push services (RFC 8292).
create table push_key (
  provider_id uuid not null references provider,
  public_key text not null,
  private_key bytea not null,
  primary key (provider_id)
);
select protect('push_key', 'provider-secret');

grant select, insert, update, delete on held_notice, rota, rota_override, escalation_plan, escalation, escalation_call, push_subscription, push_key to hauswart_app;
