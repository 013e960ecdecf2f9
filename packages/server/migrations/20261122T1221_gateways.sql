-- Default routes as the agent tells them, one place each in both: the address, and the network card ('' where it is not known).
set local search_path = hauswart;

alter table device add column gateway_addresses text[] not null default '{}', add column gateway_cards text[] not null default '{}';
grant update (gateway_addresses, gateway_cards) on device to hauswart_app;
