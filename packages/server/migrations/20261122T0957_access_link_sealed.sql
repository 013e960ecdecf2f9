-- The link of a mail that lets somebody in is sealed with the master key while it waits. Links that wait now go: whoever
-- invited sends again.
set local search_path = hauswart;

alter table mail
  alter column access_link type bytea using null;
