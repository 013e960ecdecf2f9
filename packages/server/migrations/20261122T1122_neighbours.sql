-- Agents that can look for a neighbour.
set local search_path = hauswart;

alter table device add column looks_for_neighbours boolean not null default false;
grant update (local_addresses, looks_for_neighbours) on device to hauswart_app;
