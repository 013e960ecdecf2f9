/**
 * The statements behind apply.ts. Each takes $1 the provider, $2 the changes as JSON, $3 the actor as JSON, and answers with
 * the findings that really changed. A finding whose notice is held back (notice_due_at) gets none here; sweep-findings.ts
 * writes it when it is due.
 */

const changes = `select * from jsonb_to_recordset($2::text::jsonb) as c(customer_id uuid, site_id uuid, device_id uuid, check_id text,
  check_number smallint, instance text, code text, subject text, at timestamptz, evidence jsonb, severity text, reason text, notice_due_at timestamptz)`;

/** The columns of the unique index of open findings. */
const openKey =
  "provider_id, (coalesce(customer_id, '00000000-0000-0000-0000-000000000000')), (coalesce(device_id, '00000000-0000-0000-0000-000000000000')), check_id, instance, code, subject";

const isSameOpenFinding = `f.provider_id = $1
  and coalesce(f.customer_id, '00000000-0000-0000-0000-000000000000') = coalesce(c.customer_id, '00000000-0000-0000-0000-000000000000')
  and coalesce(f.device_id, '00000000-0000-0000-0000-000000000000') = coalesce(c.device_id, '00000000-0000-0000-0000-000000000000')
  and f.check_id = c.check_id and f.instance = c.instance and f.code = c.code and f.subject = c.subject and f.closed_at is null`;

/** Event and notice of each row of `done`. */
export const traces = `
  events as (
    insert into hauswart.finding_event (provider_id, finding_event_id, finding_id, customer_id, at, kind, actor, severity, note, evidence)
    select $1, uuidv7(), finding_id, customer_id, at, kind, $3::text::jsonb, severity, note, evidence from done),
  notices as (
    insert into hauswart.finding_notice (provider_id, finding_notice_id, customer_id, site_id, finding_id, kind)
    select $1, uuidv7(), customer_id, site_id, finding_id, kind from done where not is_held)
  select finding_id, customer_id, kind from done`;

/** Opens; where one is open already, its severity follows. */
export const openFindings = `
  with c as (${changes}),
  done as (
    insert into hauswart.finding as f (provider_id, finding_id, customer_id, site_id, device_id, check_id, check_number, instance, code, subject,
      severity, evidence, evidence_at, opened_at, changed_at, notice_due_at)
    select $1, uuidv7(), customer_id, site_id, device_id, check_id, check_number, instance, code, subject,
      severity, evidence, at, at, at, notice_due_at from c
    on conflict (${openKey}) where closed_at is null do update
      set severity = excluded.severity, evidence = excluded.evidence, evidence_at = excluded.evidence_at, changed_at = excluded.changed_at
      where f.severity <> excluded.severity
    returning new.finding_id, new.customer_id, new.site_id, new.changed_at as at, new.severity, new.evidence, null::text as note,
      case when old.finding_id is null then 'opened' else 'changed' end as kind, new.notice_due_at is not null as is_held),
  ${traces}`;

export const changeFindings = `
  with c as (${changes}),
  done as (
    update hauswart.finding f set severity = c.severity, evidence = c.evidence, evidence_at = c.at, changed_at = c.at
    from c where ${isSameOpenFinding} and f.severity <> c.severity
    returning f.finding_id, f.customer_id, f.site_id, f.changed_at as at, f.severity, f.evidence, null::text as note,
      'changed' as kind, f.notice_due_at is not null as is_held),
  ${traces}`;

/** The finding keeps the evidence of the fault; the event holds that of the recovery. */
export const closeFindings = `
  with c as (${changes}),
  done as (
    update hauswart.finding f set closed_at = greatest(c.at, f.opened_at), changed_at = greatest(c.at, f.opened_at), close_reason = c.reason, notice_due_at = null
    from c where ${isSameOpenFinding}
    returning f.finding_id, f.customer_id, f.site_id, f.closed_at as at, f.severity, c.evidence, c.reason as note,
      'closed' as kind, (old.notice_due_at is not null or c.reason = 'noted') as is_held),
  ${traces}`;
