-- Who reaches all customers but one is let through by a long list of ids, and each row was compared with one after the other: a
-- list of 10,000 devices cost a reader with 90 customers three times what it costs one without a restriction. The same rule as a
-- look-up: the ids are put into a hash table once in a statement.
set local search_path = hauswart;

create or replace function hauswart.protect(target regclass, owner text) returns void language plpgsql as $$
declare
  provider constant text := 'provider_id = (select hauswart.current_provider())';
  unrestricted constant text := '(select hauswart.all_customers())';
  own_customer constant text := '(' || unrestricted || ' or customer_id in (select unnest(hauswart.current_customers())))';
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy maintenance on %s for all to hauswart_owner using (true) with check (true)', target);
  case owner
    when 'provider' then
      execute format('create policy readable on %s for select to hauswart_app, hauswart_ingest using (%s)', target, provider);
      execute format('create policy writable on %s for all to hauswart_app, hauswart_ingest using (%s and %s) with check (%s and %s)', target, provider, unrestricted, provider, unrestricted);
    when 'provider-secret' then
      execute format('create policy reachable on %s for all to hauswart_app, hauswart_ingest using (%s and %s) with check (%s and %s)', target, provider, unrestricted, provider, unrestricted);
    when 'customer' then
      execute format('create policy reachable on %s for all to hauswart_app, hauswart_ingest using (%s and %s) with check (%s and %s)', target, provider, own_customer, provider, own_customer);
    when 'customer-or-provider' then
      execute format('create policy readable on %s for select to hauswart_app, hauswart_ingest using (%s and (customer_id is null or %s))', target, provider, own_customer);
      execute format('create policy writable on %s for all to hauswart_app, hauswart_ingest using (%s and %s) with check (%s and %s)', target, provider, own_customer, provider, own_customer);
    else raise exception 'unknown owner %', owner;
  end case;
  execute format('comment on table %s is %L', target, 'owner: ' || owner);
end $$;

do $$
declare
  target record;
begin
  for target in
    select c.oid::regclass as name, substr(obj_description(c.oid, 'pg_class'), 8) as owner from pg_class c
    where c.relnamespace = 'hauswart'::regnamespace and c.relkind in ('r', 'p')
      and obj_description(c.oid, 'pg_class') in ('owner: customer', 'owner: customer-or-provider')
  loop
    execute format('drop policy maintenance on %s', target.name);
    if target.owner = 'customer' then
      execute format('drop policy reachable on %s', target.name);
    else
      execute format('drop policy readable on %s', target.name);
      execute format('drop policy writable on %s', target.name);
    end if;
    perform hauswart.protect(target.name, target.owner);
  end loop;
end $$;
