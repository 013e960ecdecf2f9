-- Looked at every few seconds, for all providers; what was closed long ago must not make it slower.
set local search_path = hauswart;

create index finding_of_own_outage on finding (closed_at) where check_id = 'server' and code = 'agents-lost';
