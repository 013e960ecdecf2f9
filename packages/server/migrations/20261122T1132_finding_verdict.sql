-- Whether an alarm was worth being told: said with one press, counted by rule, customer and week.
set local search_path = hauswart;

create table finding_verdict (
  provider_id uuid not null,
  finding_id uuid not null,
  customer_id uuid,
  -- useful: it was right to tell. noise: nobody had to know. known: it was known already
  verdict text not null check (verdict in ('useful', 'noise', 'known')),
  judged_by text not null,
  judged_at timestamptz not null,
  primary key (provider_id, finding_id),
  foreign key (provider_id, finding_id) references finding on delete cascade
);
select protect('finding_verdict', 'customer');
grant select, insert, update, delete on finding_verdict to hauswart_app;
