-- Views: a list's filters, sorting and columns under a name.
set local search_path = hauswart;

create table saved_view (
  provider_id uuid not null,
  saved_view_id uuid not null,
  -- whose it is; it goes with the account
  account_id uuid not null,
  list text not null check (list in ('devices', 'findings', 'audit', 'outbox')),
  name text not null,
  -- what stands behind the question mark of the list's address
  search text not null,
  -- by column: whether it is shown; null = as the list has them
  columns jsonb,
  is_shared boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (provider_id, saved_view_id),
  foreign key (provider_id, account_id) references account on delete cascade
);
create unique index saved_view_name on saved_view (provider_id, account_id, list, lower(name));
select protect('saved_view', 'provider-secret');

-- The view with which a list opens for somebody.
create table saved_view_default (
  provider_id uuid not null,
  account_id uuid not null,
  list text not null check (list in ('devices', 'findings', 'audit', 'outbox')),
  saved_view_id uuid not null,
  primary key (provider_id, account_id, list),
  foreign key (provider_id, account_id) references account on delete cascade,
  foreign key (provider_id, saved_view_id) references saved_view on delete cascade
);
create index saved_view_default_by_view on saved_view_default (provider_id, saved_view_id);
select protect('saved_view_default', 'provider-secret');

grant select, insert, update, delete on saved_view, saved_view_default to hauswart_app;
