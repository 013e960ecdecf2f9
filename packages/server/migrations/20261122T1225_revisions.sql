-- Who edits something that somebody else has changed meanwhile is told, instead of taking that change back without knowing.
set local search_path = hauswart;

alter table recipient add column revision integer not null default 1;
alter table rota add column revision integer not null default 1;
alter table escalation_plan add column revision integer not null default 1;
alter table maintenance_window add column revision integer not null default 1;
