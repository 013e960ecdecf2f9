-- What a customer's page lists stands together, newest first; so far every row of the house was looked through.
set local search_path = hauswart;

create index repair_order_by_customer on repair_order (provider_id, customer_id, repair_order_id desc);
create index contact_by_customer on contact (provider_id, customer_id, contact_id desc);
create index mail_by_customer on mail (provider_id, customer_id, mail_id desc) where customer_id is not null;
create index audit_entry_by_customer on audit_entry (provider_id, customer_id, audit_entry_id desc) where customer_id is not null;
