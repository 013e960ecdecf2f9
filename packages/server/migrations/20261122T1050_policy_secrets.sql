-- Secret settings of policies: passwords, SNMP communities. Policies and check instances hold references to them.
set local search_path = hauswart;

create table policy_secret (
  provider_id uuid not null,
  secret_id uuid not null,
  policy_id uuid not null,
  -- customer that the policy belongs to; null for policies of the provider
  customer_id uuid,
  -- sealed with the master key; the place is PROVIDER/SECRET
  sealed bytea not null,
  created_at timestamptz not null,
  primary key (provider_id, secret_id),
  foreign key (provider_id, policy_id) references policy on delete cascade
);
create index policy_secret_by_policy on policy_secret (provider_id, policy_id);
select protect('policy_secret', 'customer');
grant select, insert, delete on policy_secret to hauswart_app;
