-- Whose messages may go into the server's own network: those of recipients whose address was set by whoever may change settings.
set local search_path = hauswart;

alter table recipient
  add column reaches_inside boolean not null default false;
-- What was allowed until now goes on to be reached.
update recipient set reaches_inside = true where channel in ('teams', 'ntfy');
