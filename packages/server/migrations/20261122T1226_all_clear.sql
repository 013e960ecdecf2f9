-- Whoever was called hears once that it is over or that somebody has taken it on.
set local search_path = hauswart;

alter table escalation_call
  -- When that was said, or when there was nobody left to say it to.
  add column all_clear_at timestamptz;
-- What lies behind is not told anew.
update escalation_call set all_clear_at = called_at;
create index escalation_call_waiting on escalation_call (provider_id) where all_clear_at is null;
