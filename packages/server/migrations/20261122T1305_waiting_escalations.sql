-- Why nobody is called although a step is due: maintenance runs, or something that was found later explains the finding. Null: nothing
-- holds it back. When that is over, the finding is told like a new one, from the first step on.
set local search_path = hauswart;

alter table escalation add column held_by text check (held_by in ('maintenance', 'cause'));
