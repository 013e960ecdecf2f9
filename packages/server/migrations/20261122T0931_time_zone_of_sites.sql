-- The time zone is inherited: site, else customer, else provider.
set local search_path = hauswart;

-- null: the customer's.
alter table site add column time_zone text;
-- null: the provider's.
alter table customer alter column time_zone drop not null;
alter table customer alter column time_zone drop default;
-- Nobody could choose "as the provider" before; whoever has the provider's zone follows it from now on.
update customer set time_zone = null from provider where provider.provider_id = customer.provider_id and provider.time_zone = customer.time_zone;
