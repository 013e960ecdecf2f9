-- People: roles, customers that an account reaches, invitations, links for a new password.
set local search_path = hauswart;

alter table account
  drop constraint account_role_check,
  add constraint account_role_check check (role in ('owner', 'administrator', 'technician', 'read-only')),
  -- all customers; these (include); all but these (exclude)
  add column reach text not null default 'all' check (reach in ('all', 'include', 'exclude')),
  add column customer_ids uuid[] not null default '{}',
  -- Since when nobody can sign in with it.
  add column disabled_at timestamptz,
  add constraint account_reach_names_customers check ((reach = 'all') = (customer_ids = '{}')),
  -- Whoever may give rights could give themselves the rest; so they are limited to no part of the house.
  add constraint account_that_gives_rights_reaches_all check (role not in ('owner', 'administrator') or reach = 'all');

create table invitation (
  provider_id uuid not null references provider,
  invitation_id uuid not null,
  email text not null,
  name text not null,
  role text not null check (role in ('owner', 'administrator', 'technician', 'read-only')),
  reach text not null check (reach in ('all', 'include', 'exclude')),
  customer_ids uuid[] not null,
  language text not null check (language in ('de', 'en')),
  -- SHA-256 of the newest link's token
  token_hash bytea not null unique,
  -- account:ID or api-key:ID; it falls when who invited loses rights
  created_by text not null,
  created_by_name text not null,
  created_at timestamptz not null,
  sent_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (provider_id, invitation_id)
);
-- One per address; accepting it or taking it back removes it.
create unique index invitation_email on invitation (provider_id, lower(email));
select protect('invitation', 'provider-secret');

create table password_reset (
  provider_id uuid not null,
  password_reset_id uuid not null,
  account_id uuid not null,
  -- SHA-256 of the link's token
  token_hash bytea not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (provider_id, password_reset_id),
  foreign key (provider_id, account_id) references account on delete cascade
);
create index password_reset_by_account on password_reset (provider_id, account_id, created_at);
select protect('password_reset', 'provider-secret');

-- Requests for a link are counted per network address too.
alter table sign_in_failure
  drop constraint sign_in_failure_kind_check,
  add constraint sign_in_failure_kind_check check (kind in ('account', 'address', 'password-reset'));

-- Mails that let somebody in: their text has a placeholder, and the link stands here until the mail is sent. Whoever may read
-- the outbox must not be able to take over an account by reading its mail.
alter table mail
  add column access_link text;

create index api_key_by_creator on api_key (provider_id, created_by);

grant select, insert, update, delete on invitation, password_reset to hauswart_app;
