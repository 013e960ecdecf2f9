-- Outbox: who works on a mail or a delivery just now, and how it is retried.
set local search_path = hauswart;

alter table mail
  -- A worker has it until then; when the worker dies, another one takes it afterwards.
  add column claimed_until timestamptz,
  -- Start of the time after which trying ends.
  add column queued_since timestamptz not null default now(),
  -- Temporary refusals of this mail itself; they set the pace of its retries. A mail server that is down counts for no mail.
  add column deferrals integer not null default 0;

alter table webhook_delivery
  add column claimed_until timestamptz;

create index mail_by_time on mail (provider_id, mail_id desc);
create index webhook_delivery_by_time on webhook_delivery (provider_id, webhook_id, delivery_id desc);
