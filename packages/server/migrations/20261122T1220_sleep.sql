-- When the computer slept last, as its agent said once it was awake: what had looked like a loss was none.
set local search_path = hauswart;

alter table device_link add column slept_from timestamptz, add column slept_until timestamptz;
alter table device_link add check ((slept_from is null) = (slept_until is null) and slept_from <= slept_until);
