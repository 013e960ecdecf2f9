-- Somebody writes down what is known of a finding without taking it on.
set local search_path = hauswart;

alter table finding_event drop constraint finding_event_kind_check;
alter table finding_event add constraint finding_event_kind_check
  check (kind in ('opened', 'changed', 'acknowledged', 'reopened', 'closed', 'mailed', 'noted'));
