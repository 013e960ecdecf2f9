/** The statements behind sweep-findings.ts. $1 is the present. */

/** Late evidence opened these, and nothing that came after it closed them: now they are told. */
export const tellHeldBack = `
  with due as (
    update hauswart.finding set notice_due_at = null, noticed_at = case when hold_kind is null then $1::timestamptz end
    where notice_due_at <= $1::timestamptz and closed_at is null
    returning provider_id, finding_id, customer_id, site_id, hold_kind),
  notices as (
    insert into hauswart.finding_notice (provider_id, finding_notice_id, customer_id, site_id, finding_id, kind)
    select provider_id, uuidv7(), customer_id, site_id, finding_id, 'opened' from due where hold_kind is null)
  select provider_id, finding_id, customer_id, 'changed' as kind from due`;

/** Acknowledged until a time that has passed: open again, and told again; what is held back just now waits for that. */
export const endAcknowledgements = `
  with due as (
    update hauswart.finding f set acknowledged_at = null, acknowledged_by = null, acknowledged_note = null, acknowledged_customer_note = null,
      acknowledged_until = null, changed_at = $1::timestamptz
    where acknowledged_until <= $1::timestamptz and closed_at is null and hold_kind is null
      and not exists (select from hauswart.hold_of(f.provider_id, f.customer_id, f.site_id, f.device_id, f.check_id, f.code, $1::timestamptz, $1::timestamptz))
    returning provider_id, finding_id, customer_id, site_id, severity),
  events as (
    insert into hauswart.finding_event (provider_id, finding_event_id, finding_id, customer_id, at, kind, actor, severity)
    select provider_id, uuidv7(), finding_id, customer_id, $1::timestamptz, 'reopened', $2::text::jsonb, severity from due),
  notices as (
    insert into hauswart.finding_notice (provider_id, finding_notice_id, customer_id, site_id, finding_id, kind)
    select provider_id, uuidv7(), customer_id, site_id, finding_id, 'opened' from due)
  select provider_id, finding_id, customer_id, 'changed' as kind from due`;

/** $3: check id of device findings, $4: codes. Nobody is told: whoever took note knows. */
export const endNoted = `
  with due as (
    update hauswart.finding set closed_at = $1::timestamptz, changed_at = $1::timestamptz, close_reason = 'noted'
    where check_id = $3 and code = any($4::text[]) and acknowledged_at is not null and closed_at is null
    returning provider_id, finding_id, customer_id, severity),
  events as (
    insert into hauswart.finding_event (provider_id, finding_event_id, finding_id, customer_id, at, kind, actor, severity, note)
    select provider_id, uuidv7(), finding_id, customer_id, $1::timestamptz, 'closed', $2::text::jsonb, severity, 'noted' from due)
  select provider_id, finding_id, customer_id, 'closed' as kind from due`;
