-- What alarm mails remember: when a site was last written to, and what each address knows of a finding.
set local search_path = hauswart;

-- The last alarm mail about a site. What follows within a minute is gathered. site_id is the zero id for findings without a site.
create table mail_gathering (
  provider_id uuid not null references provider,
  customer_id uuid not null,
  site_id uuid not null,
  last_mail_at timestamptz not null,
  primary key (provider_id, customer_id, site_id)
);
select protect('mail_gathering', 'customer');

-- What an address was told last about a finding: a recovery goes only to those who had the alarm.
create table mail_told (
  provider_id uuid not null,
  finding_id uuid not null,
  -- lower case
  address text not null,
  customer_id uuid not null,
  severity text not null check (severity in ('warning', 'failure')),
  -- told that it is over
  is_over boolean not null default false,
  mail_id uuid not null,
  message_id text not null,
  told_at timestamptz not null,
  primary key (provider_id, finding_id, address),
  foreign key (provider_id, finding_id) references finding on delete cascade
);
select protect('mail_told', 'customer');

grant select, insert, update, delete on mail_gathering, mail_told to hauswart_app;
