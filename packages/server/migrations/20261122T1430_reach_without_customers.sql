-- When a customer is erased, whoever was restricted to it alone reaches nobody, and whoever reached all but it reaches all.
set local search_path = hauswart;

alter table account
  drop constraint account_reach_names_customers,
  add constraint account_reach_names_customers check (case reach
    when 'all' then customer_ids = '{}'
    -- Nobody, until somebody gives them customers.
    when 'include' then true
    else customer_ids <> '{}' end);

update invitation set reach = 'all' where reach = 'exclude' and customer_ids = '{}';
alter table invitation
  add constraint invitation_reach_names_customers check (case reach
    when 'all' then customer_ids = '{}'
    when 'include' then true
    else customer_ids <> '{}' end);
