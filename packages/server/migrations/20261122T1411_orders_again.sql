-- One order at a time: what was declined, or done while the fault stayed, can be ordered again.
set local search_path = hauswart;

drop index repair_order_of_finding;
create unique index repair_order_of_finding on repair_order (provider_id, finding_id) where state in ('open', 'accepted');
create index repair_order_by_finding on repair_order (provider_id, finding_id, repair_order_id desc);
