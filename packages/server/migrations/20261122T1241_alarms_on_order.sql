-- Whether alarms are the customer's to order (ALM-1) is a promise like the others, and stands among them.
set local search_path = hauswart;

update customer set terms = terms || jsonb_build_object('alarms', case when alarms_ordered_at is null then 'not-ordered' else 'ordered' end)
where contract_level = 'basis';
alter table customer drop column contract_level, drop column alarms_ordered_at;
