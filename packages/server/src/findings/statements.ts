/**
 * The statements behind apply.ts. Each takes $1 the provider, $2 the changes as JSON, $3 the actor as JSON, and answers with
 * the findings that really changed. A finding whose notice is held back gets none here: late evidence (notice_due_at) by
 * sweep-findings.ts when it is due, maintenance windows and causes (hold_kind) by release-holds.ts when they end.
 */

const changes = `select * from jsonb_to_recordset($2::text::jsonb) as c(customer_id uuid, site_id uuid, device_id uuid, check_id text,
  check_number smallint, instance text, code text, subject text, at timestamptz, evidence jsonb, severity text, reason text, notice_due_at timestamptz, began timestamptz)`;

/** What explains others: a silent device, a site without a connection, a server that lost its agents. */
const isCause = (row: string) =>
  `((${row}.check_id = 'device' and ${row}.code = 'silent') or (${row}.check_id = 'site' and ${row}.code = 'offline')
    or (${row}.check_id = 'server' and ${row}.code = 'agents-lost'))`;

/** The columns of the unique index of open findings. */
const openKey =
  "provider_id, (coalesce(customer_id, '00000000-0000-0000-0000-000000000000')), (coalesce(device_id, '00000000-0000-0000-0000-000000000000')), check_id, instance, code, subject";

const isSameOpenFinding = `f.provider_id = $1
  and coalesce(f.customer_id, '00000000-0000-0000-0000-000000000000') = coalesce(c.customer_id, '00000000-0000-0000-0000-000000000000')
  and coalesce(f.device_id, '00000000-0000-0000-0000-000000000000') = coalesce(c.device_id, '00000000-0000-0000-0000-000000000000')
  and f.check_id = c.check_id and f.instance = c.instance and f.code = c.code and f.subject = c.subject and f.closed_at is null`;

/**
 * Changes with why nobody is to be told of them, all null when somebody is. What is open already counts as of when it began; where a
 * window holds it, its getting worse counts, and where somebody was told of it, no window that keeps what began in it is meant.
 */
const held = `
  held as (
    select c.*, c.at as changed_at, h.kind as hold_kind, h.window_id as hold_window_id, h.until as hold_until, h.incident
    from c left join hauswart.finding f on ${isSameOpenFinding}
    left join lateral hauswart.hold_of($1, c.customer_id, c.site_id, c.device_id, c.check_id, c.code, case when f.finding_id is null then c.began
      when f.hold_kind = 'maintenance' then c.at when f.noticed_at is null then coalesce(f.began_at, f.opened_at) end, c.at) h on true)`;

/** A window keeps it for as long as it lasts; now it is worse, and only what holds that back counts. */
const outgrows = (to: string) =>
  `(f.hold_kind = 'maintenance' and f.hold_until is null and f.severity = 'warning' and ${to}.severity = 'failure')`;

/** What holds an open finding back after a change. @param to the change, with the columns of `held` */
const heldAfter = (to: string) => `
  hold_kind = case when ${outgrows(to)} then ${to}.hold_kind else coalesce(f.hold_kind, ${to}.hold_kind) end,
  hold_window_id = case when ${outgrows(to)} then ${to}.hold_window_id else coalesce(f.hold_window_id, ${to}.hold_window_id) end,
  hold_until = case when f.hold_kind is null or ${outgrows(to)} then ${to}.hold_until else f.hold_until end,
  began_at = case when ${outgrows(to)} then ${to}.changed_at else f.began_at end,
  noticed_at = case when ${outgrows(to)} and ${to}.hold_kind is null and f.notice_due_at is null then coalesce(f.noticed_at, ${to}.changed_at) else f.noticed_at end`;

/** What came of that, for `returning`. */
const heldNow = `
  case when (new.hold_kind, new.hold_window_id, new.hold_until) is distinct from (old.hold_kind, old.hold_window_id, old.hold_until) then new.hold_kind end as held_by,
  jsonb_build_object('windowId', new.hold_window_id, 'incidentId', new.incident_id, 'until', new.hold_until) as held_evidence,
  coalesce(old.hold_kind is not null and new.hold_kind is null, false) as is_released`;

/** Event and notice of each row of `done`. */
export const traces = `
  events as (
    insert into hauswart.finding_event (provider_id, finding_event_id, finding_id, customer_id, at, kind, actor, severity, note, evidence)
    select $1, uuidv7(), finding_id, customer_id, at, kind, $3::text::jsonb, severity, note, evidence from done
    union all
    select $1, uuidv7(), finding_id, customer_id, at, 'reopened', $3::text::jsonb, severity, null, null from done where breaks_acknowledgement
    union all
    select $1, uuidv7(), finding_id, customer_id, at, 'held', $3::text::jsonb, severity, held_by, held_evidence from done where held_by is not null
    union all
    select $1, uuidv7(), finding_id, customer_id, at, 'released', $3::text::jsonb, severity, 'maintenance', null from done where is_released),
  notices as (
    insert into hauswart.finding_notice (provider_id, finding_notice_id, customer_id, site_id, finding_id, kind)
    select $1, uuidv7(), customer_id, site_id, finding_id, case when is_released then 'opened' else kind end from done where not is_held)
  select finding_id, customer_id, kind, is_cause from done`;

/** Somebody has taken the finding on for what it was; now it is worse. */
const worsens = (to: string) => `(f.acknowledged_at is not null and f.severity = 'warning' and ${to}.severity = 'failure')`;
const acknowledgement = ["acknowledged_at", "acknowledged_by", "acknowledged_note", "acknowledged_customer_note", "acknowledged_until"];
const keptUnlessWorse = (to: string) =>
  acknowledgement.map((column) => `${column} = case when ${worsens(to)} then null else f.${column} end`).join(", ");

/** Opens; where one is open already, its severity follows. What explains others begins an incident, unless it is explained itself. */
export const openFindings = `
  with c as (${changes}),
  ${held},
  done as (
    insert into hauswart.finding as f (provider_id, finding_id, customer_id, site_id, device_id, check_id, check_number, instance, code, subject,
      severity, evidence, evidence_at, opened_at, began_at, changed_at, notice_due_at, hold_kind, hold_window_id, hold_until, incident_id, noticed_at)
    select $1, uuidv7(), customer_id, site_id, device_id, check_id, check_number, instance, code, subject,
      severity, evidence, at, at, nullif(began, at), at, notice_due_at, hold_kind, hold_window_id, hold_until, coalesce(incident, case when ${isCause("held")} then uuidv7() end),
      case when hold_kind is null and notice_due_at is null then at end from held
    on conflict (${openKey}) where closed_at is null do update
      set severity = excluded.severity, evidence = excluded.evidence, evidence_at = excluded.evidence_at, changed_at = excluded.changed_at,
        ${heldAfter("excluded")}, ${keptUnlessWorse("excluded")}
      where f.severity <> excluded.severity
    returning new.finding_id, new.customer_id, new.site_id, new.device_id, new.check_id, new.code, new.changed_at as at, new.severity, new.evidence, null::text as note,
      case when old.finding_id is null then 'opened' else 'changed' end as kind,
      new.notice_due_at is not null or new.hold_kind is not null as is_held,
      old.acknowledged_at is not null and new.acknowledged_at is null as breaks_acknowledgement,
      ${heldNow},
      new.incident_id, old.finding_id is null and new.hold_kind is distinct from 'cause' and ${isCause("new")} as is_cause),
  incidents as (
    insert into hauswart.incident (provider_id, incident_id, customer_id, site_id, device_id, cause_finding_id, opened_at)
    select $1, incident_id, customer_id, site_id, device_id, finding_id, at from done
    where is_cause),
  ${traces}`;

export const changeFindings = `
  with c as (${changes}),
  ${held},
  done as (
    update hauswart.finding f set severity = c.severity, evidence = c.evidence, evidence_at = c.at, changed_at = c.at,
      ${heldAfter("c")}, ${keptUnlessWorse("c")}
    from held c where ${isSameOpenFinding} and f.severity <> c.severity
    returning f.finding_id, f.customer_id, f.site_id, f.changed_at as at, f.severity, f.evidence, null::text as note,
      'changed' as kind, f.notice_due_at is not null or new.hold_kind is not null as is_held, false as is_cause,
      old.acknowledged_at is not null and new.acknowledged_at is null as breaks_acknowledgement,
      ${heldNow}),
  ${traces}`;

/** Whether the end of a finding is told to nobody, because its beginning was not. For `returning` of an update that closes. */
export const endsUntold = "(old.notice_due_at is not null or (old.hold_kind is not null and old.noticed_at is null))";

/** What a statement that closes has to say besides. */
export const nothingElse =
  "false as is_cause, false as breaks_acknowledgement, null::text as held_by, null::jsonb as held_evidence, false as is_released";

/** The finding keeps the evidence of the fault; the event holds that of the recovery. */
export const closeFindings = `
  with c as (${changes}),
  done as (
    update hauswart.finding f set closed_at = greatest(c.at, f.opened_at), changed_at = greatest(c.at, f.opened_at), close_reason = c.reason, notice_due_at = null
    from c where ${isSameOpenFinding}
    returning f.finding_id, f.customer_id, f.site_id, f.closed_at as at, f.severity, c.evidence, c.reason as note,
      'closed' as kind, (${endsUntold} or c.reason = 'noted') as is_held, ${nothingElse}),
  ${traces}`;
