-- Old entries of the audit log go seal by seal. The seal stays: the chain of heads is verified from its start for ever.
set local search_path = hauswart;

-- When the entries under this seal were deleted.
alter table audit_seal add column forgotten_at timestamptz;
create index audit_seal_by_time on audit_seal (provider_id, sealed_at) where forgotten_at is null;
create index quarantined_message_by_time on quarantined_message (provider_id, received_at);
create index finding_closed on finding (provider_id, closed_at) where closed_at is not null;
