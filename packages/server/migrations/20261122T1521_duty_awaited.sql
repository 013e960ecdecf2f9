-- Who waits for the next shift is called earlier when a stand-in for now is entered.
set local search_path = hauswart;

-- The beginning of the shift that is waited for, because nobody was on duty; null: not waited for.
alter table escalation add column duty_at timestamptz;
