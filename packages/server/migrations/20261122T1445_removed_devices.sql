-- Devices that were removed can be listed: what their page and their number need, as device_by_name has it for the others.
set local search_path = hauswart;

create index device_removed on device (provider_id, name_key, device_id) include (customer_id) where lifecycle = 'revoked';
