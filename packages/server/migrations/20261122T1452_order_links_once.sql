-- A link orders once: the mail that brought it and the finding that it is about say which link it was.
set local search_path = hauswart;

create unique index repair_order_of_link on repair_order (provider_id, finding_id, mail_id);
