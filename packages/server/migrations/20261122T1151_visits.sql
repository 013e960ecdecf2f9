-- When somebody was last here, so that the overview can tell what has changed since, at whichever computer they sit.
set local search_path = hauswart;

alter table account
  -- When the visit before this one ended; null at the first.
  add column visit_before_at timestamptz,
  -- When they were last seen on the overview.
  add column visit_seen_at timestamptz;
