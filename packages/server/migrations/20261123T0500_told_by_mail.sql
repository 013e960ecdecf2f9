-- What a reader knows of a finding is what arrived last. Of each reader only the last message was kept, so one that came back took with
-- it what had arrived before, and one that was sent again left nothing known.
set local search_path = hauswart;

alter table told
  -- it did not arrive; sent again, it counts until it comes back anew
  add column missed boolean not null default false,
  drop constraint mail_told_pkey,
  add primary key (provider_id, finding_id, address, mail_id);
