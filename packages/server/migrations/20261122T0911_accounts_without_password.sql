-- Whoever comes by an identity provider alone has no password; a link for a new password gives them one.
set local search_path = hauswart;

alter table account
  alter column password_hash drop not null;
