-- Findings about the server itself belong to the provider as a whole: customer_id is null. Row-level security shows such rows
-- only to actors without customer restriction.
set local search_path = hauswart;

alter table finding alter column customer_id drop not null;
alter table finding_event alter column customer_id drop not null;
alter table finding_notice alter column customer_id drop not null;
alter table mail_told alter column customer_id drop not null;

-- At most one open finding per scope, check instance, code and subject, the provider's own scope included.
drop index finding_open;
create unique index finding_open on finding (provider_id, coalesce(customer_id, '00000000-0000-0000-0000-000000000000'),
  coalesce(device_id, '00000000-0000-0000-0000-000000000000'), check_id, instance, code, subject) where closed_at is null;
