-- From where a session is used, so that whoever has its cookie and sits elsewhere shows.
set local search_path = hauswart;

alter table session
  -- Newest first, one for each network, the last few: [{"address", "userAgent", "at"}].
  add column uses jsonb not null default '[]';
