-- Removing a device: its agent is told to remove itself when it next says hello, however long that takes.
set local search_path = hauswart;

alter table device
  add column revoked_at timestamptz,
  add column remove_agent boolean not null default false;
update device set revoked_at = now() where lifecycle = 'revoked';
