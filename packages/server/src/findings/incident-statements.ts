/** Who belongs to which incident, and who is told when what held a finding back is gone. */

/** A cause that is found after what it explains takes in what was found this long before it. */
const adoptsWithin = "interval '15 minutes'";

/** Held back by an outage of our own, which can last for hours: what is found when it ends explains those that stay. */
const isOfOwnOutage = `(f.hold_kind = 'cause' and exists (select from hauswart.incident i
  join hauswart.finding own on own.provider_id = i.provider_id and own.finding_id = i.cause_finding_id and own.check_id = 'server'
  where i.provider_id = f.provider_id and i.incident_id = f.incident_id))`;

/**
 * $1 the provider, $2 findings that have just opened and explain others: what is open because of them joins their incident. An
 * incident of its own that such a finding had ends in the new one. Whoever was told of them stays told.
 */
export const adoptFollowers = `
  with cause as (
    select * from hauswart.finding where provider_id = $1 and finding_id = any($2::uuid[])),
  follower as (
    select f.finding_id, f.incident_id as before, cause.incident_id as after
    from cause join hauswart.finding f on f.provider_id = $1 and f.closed_at is null and f.finding_id <> all ($2::uuid[]) and (
      (cause.check_id = 'device' and f.device_id = cause.device_id)
      or (f.check_id = 'device' and f.code = 'silent' and (f.opened_at > cause.opened_at - ${adoptsWithin} or ${isOfOwnOutage}) and (
        cause.check_id = 'server' or (cause.check_id = 'site' and f.site_id = cause.site_id)
        or (cause.check_id = 'device' and f.device_id <> cause.device_id and cause.device_id = any (hauswart.devices_before($1, f.device_id))))))
    where f.incident_id is distinct from cause.incident_id),
  ended as (
    delete from hauswart.incident i using follower where i.provider_id = $1 and i.cause_finding_id = follower.finding_id)
  update hauswart.finding f set incident_id = follower.after
  from follower where f.provider_id = $1 and f.closed_at is null
    and (f.finding_id = follower.finding_id or f.incident_id = follower.before)`;

/** $1 the present: what was held back by a cause that is gone gets time to recover before anybody is told; a cause that returns takes it back. */
export const noteGoneCauses = (settleSeconds: number) => `
  with held as (
    select f.provider_id, f.finding_id, f.hold_until, h.kind
    from hauswart.finding f
    left join lateral hauswart.hold_of(f.provider_id, f.customer_id, f.site_id, f.device_id, f.check_id, f.code, $1::timestamptz, $1::timestamptz) h on true
    where f.closed_at is null and f.hold_kind = 'cause')
  update hauswart.finding f set hold_until = case when held.kind = 'cause' then null else $1::timestamptz + interval '${settleSeconds} seconds' end
  from held where f.provider_id = held.provider_id and f.finding_id = held.finding_id
    and (held.kind is not distinct from 'cause') <> (held.hold_until is null)`;

/**
 * $1 the present, $2 the actor as JSON: holds that are over. Where another window covers the finding by now, it stays held; else
 * it leaves the incident, or, explaining others itself, begins one, and its notice is written.
 */
export const releaseHolds = `
  with due as (
    select f.provider_id, f.finding_id, f.noticed_at, f.check_id, f.code, f.hold_kind as held_before, h.kind, h.window_id, h.until, h.incident
    from hauswart.finding f
    left join lateral hauswart.hold_of(f.provider_id, f.customer_id, f.site_id, f.device_id, f.check_id, f.code,
      case when f.noticed_at is null then coalesce(f.began_at, f.opened_at) end, $1::timestamptz) h on h.until is null or h.until > $1::timestamptz
    where f.closed_at is null and f.hold_kind is not null and f.hold_until <= $1::timestamptz
    for update of f),
  done as (
    update hauswart.finding f set hold_kind = due.kind, hold_window_id = due.window_id, hold_until = due.until,
      incident_id = case when due.incident is not null then due.incident
        when exists (select from hauswart.incident i where i.provider_id = f.provider_id and i.cause_finding_id = f.finding_id) then f.incident_id
        when f.check_id = 'device' and f.code = 'silent' then uuidv7() end,
      noticed_at = case when due.kind is null and f.notice_due_at is null then coalesce(f.noticed_at, $1::timestamptz) else f.noticed_at end,
      changed_at = case when due.kind is null then $1::timestamptz else f.changed_at end
    from due where f.provider_id = due.provider_id and f.finding_id = due.finding_id
    returning f.provider_id, f.finding_id, f.customer_id, f.site_id, f.device_id, f.severity, f.incident_id, f.opened_at, f.check_id, f.code, due.kind, due.held_before,
      f.notice_due_at is not null as is_late, due.noticed_at as told_before, due.window_id, due.until),
  incidents as (
    insert into hauswart.incident (provider_id, incident_id, customer_id, site_id, device_id, cause_finding_id, opened_at)
    select provider_id, incident_id, customer_id, site_id, device_id, finding_id, opened_at from done
    where incident_id is not null and kind is distinct from 'cause' and check_id = 'device' and code = 'silent'
    on conflict do nothing),
  events as (
    insert into hauswart.finding_event (provider_id, finding_event_id, finding_id, customer_id, at, kind, actor, severity, note, evidence)
    select provider_id, uuidv7(), finding_id, customer_id, $1::timestamptz, case when kind is null then 'released' else 'held' end, $2::text::jsonb, severity,
      coalesce(kind, held_before), jsonb_build_object('windowId', window_id, 'incidentId', incident_id, 'until', until) from done),
  notices as (
    insert into hauswart.finding_notice (provider_id, finding_notice_id, customer_id, site_id, finding_id, kind)
    select provider_id, uuidv7(), customer_id, site_id, finding_id, case when told_before is null then 'opened' else 'changed' end
    from done where kind is null and not is_late)
  select provider_id, finding_id, customer_id, 'changed' as kind from done`;

/** $1 the present: incidents whose cause is gone and whose findings are closed or have left. */
export const closeIncidents = `
  update hauswart.incident i set closed_at = $1::timestamptz
  where i.closed_at is null
    and not exists (select from hauswart.finding f where f.provider_id = i.provider_id and f.incident_id = i.incident_id and f.closed_at is null)`;
