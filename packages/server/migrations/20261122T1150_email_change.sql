-- A change of one's own e-mail address: asked for, confirmed from the new one, and open to an objection from the old one.
set local search_path = hauswart;

create table email_change (
  provider_id uuid not null,
  email_change_id uuid not null,
  account_id uuid not null,
  old_email text not null,
  new_email text not null,
  -- SHA-256 of the token in the mail to the new address
  confirm_hash bytea not null unique,
  -- SHA-256 of the token in the mail to the old address
  objection_hash bytea not null unique,
  created_at timestamptz not null,
  confirm_until timestamptz not null,
  object_until timestamptz not null,
  confirmed_at timestamptz,
  -- taken back, or another change was asked for: it can be confirmed no longer
  dropped_at timestamptz,
  objected_at timestamptz,
  primary key (provider_id, email_change_id),
  foreign key (provider_id, account_id) references account on delete cascade
);
create index email_change_by_account on email_change (provider_id, account_id, created_at);
select protect('email_change', 'provider-secret');

grant select, insert, update, delete on email_change to hauswart_app;
