-- Who is signed in at a device, as its agent last said: the present state alone, no history of people.
set local search_path = hauswart;

create table device_signed_in (
  provider_id uuid not null,
  device_id uuid not null,
  customer_id uuid not null,
  -- of the connection by which it was said: of a later one the agent says it anew, or does not know it
  epoch bigint not null,
  told_at timestamptz not null,
  -- at most 50, which the gateway's schema sees to
  people jsonb not null,
  others integer not null check (others >= 0),
  primary key (provider_id, device_id),
  foreign key (provider_id, device_id) references device on delete cascade
);
select protect('device_signed_in', 'customer');
grant select, insert, update, delete on device_signed_in to hauswart_app;

-- The house's own wish stands in its settings.
alter table customer add column asks_signed_in boolean not null default true;
