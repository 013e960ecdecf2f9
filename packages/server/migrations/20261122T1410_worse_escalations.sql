-- How severe a finding was when those on call were last begun with: one that gets worse begins anew, one that goes to and fro does not.
set local search_path = hauswart;

alter table escalation add column severity text check (severity in ('warning', 'failure'));
update escalation e set severity = f.severity from finding f where f.provider_id = e.provider_id and f.finding_id = e.finding_id;
alter table escalation alter column severity set not null;
