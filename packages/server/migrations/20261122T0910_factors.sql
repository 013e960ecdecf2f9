-- Second factors, fresh proofs, identity providers, and the owner's way in when all of that fails.
set local search_path = hauswart;

alter table session
  -- When whoever sits there last proved who they are; null in sessions from before, whose sign-in is that moment.
  add column proved_at timestamptz,
  -- How it was signed in.
  add column method text not null default 'password' check (method in ('password', 'passkey', 'oidc', 'break-glass')),
  -- The sign-in was vouched for by more than a password.
  add column has_second_factor boolean not null default false;

-- An authenticator app (RFC 6238). One per account.
create table account_totp (
  provider_id uuid not null,
  account_id uuid not null,
  -- sealed with the master key; the place is PROVIDER/ACCOUNT
  secret bytea not null,
  -- null until a code has shown that the app has the secret; until then it is not asked for
  confirmed_at timestamptz,
  -- the step of the newest code that was taken: no code is good twice
  last_step bigint not null default 0,
  created_at timestamptz not null,
  primary key (provider_id, account_id),
  foreign key (provider_id, account_id) references account on delete cascade
);
select protect('account_totp', 'provider-secret');

create table passkey (
  provider_id uuid not null,
  passkey_id uuid not null,
  account_id uuid not null,
  -- base64url, as browsers say it
  credential_id text not null,
  -- COSE
  public_key bytea not null,
  -- how often the authenticator says that it was used; 0 where it does not count
  sign_count bigint not null,
  transports text[] not null,
  is_synced boolean not null,
  name text not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  primary key (provider_id, passkey_id),
  foreign key (provider_id, account_id) references account on delete cascade
);
-- A sign-in with a passkey alone says the credential before anybody is known.
create unique index passkey_credential on passkey (credential_id);
create index passkey_by_account on passkey (provider_id, account_id, created_at);
select protect('passkey', 'provider-secret');

create table recovery_code (
  provider_id uuid not null,
  recovery_code_id uuid not null,
  account_id uuid not null,
  -- SHA-256: 100 random bits are nothing that could be guessed
  code_hash bytea not null,
  created_at timestamptz not null,
  used_at timestamptz,
  primary key (provider_id, recovery_code_id),
  foreign key (provider_id, account_id) references account on delete cascade
);
create index recovery_code_by_account on recovery_code (provider_id, account_id);
select protect('recovery_code', 'provider-secret');

create table oidc_issuer (
  provider_id uuid not null references provider,
  oidc_issuer_id uuid not null,
  name text not null,
  issuer text not null,
  client_id text not null,
  -- sealed with the master key; the place is PROVIDER/ISSUER
  client_secret bytea not null,
  active boolean not null,
  creates_accounts boolean not null,
  counts_as_second_factor boolean not null,
  created_at timestamptz not null,
  primary key (provider_id, oidc_issuer_id)
);
create unique index oidc_issuer_client on oidc_issuer (provider_id, issuer, client_id);
select protect('oidc_issuer', 'provider-secret');

-- Which account somebody is whom an identity provider knows by this subject.
create table oidc_identity (
  provider_id uuid not null,
  oidc_issuer_id uuid not null,
  subject text not null,
  account_id uuid not null,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  primary key (provider_id, oidc_issuer_id, subject),
  foreign key (provider_id, oidc_issuer_id) references oidc_issuer on delete cascade,
  foreign key (provider_id, account_id) references account on delete cascade
);
create index oidc_identity_by_account on oidc_identity (provider_id, account_id);
select protect('oidc_identity', 'provider-secret');

-- Printed on the server's own computer for an owner who cannot sign in otherwise.
create table break_glass_code (
  provider_id uuid not null,
  break_glass_code_id uuid not null,
  account_id uuid not null,
  code_hash bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (provider_id, break_glass_code_id),
  foreign key (provider_id, account_id) references account on delete cascade
);
select protect('break_glass_code', 'provider-secret');

-- Begun and not finished: the second step of a sign-in, a proof, a registration. Belongs to no provider, because some of it
-- begins before anybody is known; out of reach for the roles that serve.
create table sign_in_challenge (
  -- SHA-256 of the token that whoever began it holds
  token_hash bytea primary key,
  -- what it began, and for whom: sealed with the master key; the place is the token's hash
  body bytea not null,
  -- of whoever began it without being known, so that nobody can begin without end
  network text,
  wrong_answers smallint not null default 0,
  expires_at timestamptz not null
);
create index sign_in_challenge_by_network on sign_in_challenge (network);
create index sign_in_challenge_expiry on sign_in_challenge (expires_at);
comment on table sign_in_challenge is 'owner: none';

grant select, insert, update, delete on account_totp, passkey, recovery_code, oidc_issuer, oidc_identity, break_glass_code to hauswart_app;
