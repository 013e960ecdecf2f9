-- Erasing a customer: a job that survives the process that began it, and outlives the customer.
set local search_path = hauswart;

create table customer_erasure (
  provider_id uuid not null references provider,
  erasure_id uuid not null,
  -- Not called customer_id: this row stays when the customer's rows are gone.
  erased_id uuid not null,
  -- Until it is done; then null, the id alone stays.
  name text,
  requested_by text not null,
  requested_at timestamptz not null,
  -- A process works on it until then; when that process dies, another one takes it afterwards.
  claimed_until timestamptz,
  steps_done integer not null default 0,
  steps_total integer not null default 0,
  rows_deleted bigint not null default 0,
  last_error text,
  finished_at timestamptz,
  primary key (provider_id, erasure_id)
);
create unique index customer_erasure_once on customer_erasure (provider_id, erased_id);
create index customer_erasure_due on customer_erasure (requested_at) where finished_at is null;
select protect('customer_erasure', 'provider-secret');
grant select, insert, update on customer_erasure to hauswart_app;

-- Actor's name, subject's details and detail of this entry were taken out when its customer was erased. The hash stays, so the chain does.
alter table audit_entry add column erased_at timestamptz;
