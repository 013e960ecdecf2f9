-- By which identity provider a session was opened, so that it ends when that one is not believed any more.
set local search_path = hauswart;

alter table session
  -- Null for other ways in, and for sessions that were opened before this was kept. No foreign key: the provider may be gone.
  add column oidc_issuer_id uuid;
