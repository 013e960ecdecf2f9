-- A verdict that was taken back leaves its row: the links in mails judge only what nobody has said anything of yet.
set local search_path = hauswart;

alter table finding_verdict alter column verdict drop not null;
