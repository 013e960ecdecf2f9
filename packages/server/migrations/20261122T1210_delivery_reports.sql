-- Mails that the mail server took and that came back later: delivery reports are read from the house's own mailbox.
set local search_path = hauswart;

-- returned: it came back from everybody who was to have it. Per recipient: state returned, and what the last report said,
-- {"action", "status", "words", "by", "at"}.
alter table mail drop constraint mail_state_check;
alter table mail add constraint mail_state_check check (state in ('queued', 'sent', 'refused', 'returned', 'kept'));

-- Like recipient.unreachable, for who is written to as a person of the house: owners, people on call. With "via": "returned" both may
-- hold "triedAt", since when a later mail has not come back, and "untold", for how many open findings its mails were the only word.
alter table account add column unreachable jsonb;

-- How far mailboxes were read, by address without password.
create table mailbox (
  name text primary key,
  -- RFC 3501, section 2.3.1.1: with another one the numbers of the messages are new
  uid_validity bigint,
  last_uid bigint not null default 0,
  -- The message that is being handled, and how often that was begun.
  uid_in_hand bigint,
  attempts smallint not null default 0,
  -- One process reads.
  reader_id uuid,
  read_until timestamptz,
  -- Read to its end last.
  checked_at timestamptz,
  failing_since timestamptz,
  problem text
);
comment on table mailbox is 'owner: none';
grant select on mailbox to hauswart_app;
