-- A site at which removed devices stood can be deleted: their history keeps it, until the last of them is forgotten.
set local search_path = hauswart;

-- When it was deleted; null: it is there.
alter table site add column removed_at timestamptz;
drop index site_name;
create unique index site_name on site (provider_id, customer_id, lower(name)) where removed_at is null;
create index site_removed on site (provider_id) where removed_at is not null;
