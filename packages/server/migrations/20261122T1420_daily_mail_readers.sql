-- Who gets a customer's daily mail stands in its terms; whether it reaches them, here.
set local search_path = hauswart;

create table daily_mail_reader (
  provider_id uuid not null,
  customer_id uuid not null,
  -- In lower case; one of those in the customer's terms.
  address text not null,
  -- Like recipient.unreachable.
  unreachable jsonb,
  primary key (provider_id, customer_id, address),
  foreign key (provider_id, customer_id) references customer on delete cascade
);
select protect('daily_mail_reader', 'customer');
grant select, insert, update, delete on daily_mail_reader to hauswart_app;

insert into daily_mail_reader (provider_id, customer_id, address)
select distinct c.provider_id, c.customer_id, lower(reader ->> 'address')
from customer c cross join jsonb_array_elements(c.terms -> 'dailyMail' -> 'recipients') reader
where jsonb_typeof(c.terms -> 'dailyMail') = 'object';
