-- Mails about a site that followed on each other: the more there are, the longer what is not urgent is gathered.
set local search_path = hauswart;

alter table mail_gathering add column in_row smallint not null default 1;
