import type { Evidence } from "@hauswart/protocol/check.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { hasScope, requireScope } from "../access/require-scope.ts";
import type { Context, Verb } from "../context.ts";
import { formatIn } from "../format-in.ts";
import { findingWords } from "../mail/render/finding-words.ts";
import { decodeCursor, momentKey, pageOf } from "../paging.ts";
import { isoTime } from "../times.ts";
import { readDevice } from "./device-row.ts";
import { timelineTexts, type TimelineKind } from "./timeline-texts.ts";

interface Row {
  at: Date;
  at_key: string;
  id: string;
  kind: TimelineKind;
  detail: Record<string, unknown>;
}

/**
 * What happened: findings of the device, what people and agents did to it (for readers of the audit log), and how it last
 * came and went. The link row has no history, so of connections only the newest is known.
 */
const timeline = `
  select at, at::text as at_key, id, kind, detail from (
    select e.at, e.finding_event_id as id, 'finding-' || e.kind as kind, jsonb_build_object('findingId', f.finding_id, 'check', f.check_id, 'code', f.code,
      'subject', f.subject, 'evidence', coalesce(e.evidence, f.evidence), 'severity', e.severity, 'by', e.actor ->> 'name', 'note', e.note) as detail
    from hauswart.finding f join hauswart.finding_event e on e.provider_id = f.provider_id and e.finding_id = f.finding_id
    where f.provider_id = $1 and f.device_id = $2
    union all
    select a.at, a.audit_entry_id, case a.action when 'device.enrol' then 'enrolled' when 'device.change' then 'changed' when 'device.revoke' then 'revoked' when 'device.server-restored' then 'server-restored' else 'measure-asked' end,
      jsonb_build_object('by', a.actor ->> 'name', 'before', a.detail -> 'before', 'change', a.detail -> 'change', 'from', a.detail -> 'from', 'until', a.detail -> 'until')
    from hauswart.audit_entry a
    where $3 and a.provider_id = $1 and a.subject_kind = 'device' and a.subject_id = $2::text
      and a.action in ('device.enrol', 'device.change', 'device.revoke', 'device.measure', 'device.server-restored')
    union all
    select connected_at, device_id, 'connected', '{}' from hauswart.device_link where provider_id = $1 and device_id = $2 and connected_at is not null
    union all
    select slept_from, device_id, 'slept', jsonb_build_object('from', slept_from, 'until', slept_until) from hauswart.device_link where provider_id = $1 and device_id = $2 and slept_from is not null
    union all
    select coalesce(goodbye_at, disconnected_at), device_id, case when goodbye is null then 'disconnected' else 'shut-down' end,
      case when goodbye is null then '{"reason": "connection-lost"}' else jsonb_build_object('reason', goodbye) end
    from hauswart.device_link where provider_id = $1 and device_id = $2 and coalesce(goodbye_at, disconnected_at) >= connected_at) event
  where $4::text is null or (at, id) < ($4::timestamptz, $5::uuid)
  order by at desc, id desc limit $6`;

/** What happened to a device, newest first. Errors: FORBIDDEN, NOT_FOUND. */
export async function listDeviceTimeline({ ctx, input }: Verb<Input<"listDeviceTimeline">>): Promise<Result<"listDeviceTimeline">> {
  requireScope(ctx, "devices:read");
  const [at, id] = decodeCursor(input.cursor, momentKey) ?? [null, null];
  return ctx.services.database.transaction(ctx, async (tx) => {
    await readDevice(tx, ctx, input.deviceId);
    const rows = await tx.sql<Row>(timeline, [ctx.providerId, input.deviceId, hasScope(ctx, "audit:read"), at, id, input.limit + 1]);
    return pageOf(
      rows,
      input.limit,
      (row) => [row.at_key, row.id],
      (row) => ({ at: isoTime(row.at), kind: row.kind, text: textOf(ctx, row), detail: row.detail }),
    );
  });
}

function textOf(ctx: Context, { kind, detail }: Row): string {
  const words = timelineTexts[ctx.language][kind];
  if (kind === "slept") {
    const [from, until] = [detail["from"], detail["until"]].map((at) => formatIn(ctx.language).dateTime(Date.parse(String(at))));
    return `${words} (${from} – ${until})`;
  }
  const { check, code, subject, evidence } = detail as { check?: string; code?: string; subject?: string; evidence?: Evidence };
  if (check === undefined || code === undefined) return words;
  const { title } = findingWords(
    ctx.services.checks,
    { checkId: check, code, subject: subject ?? "" },
    evidence ?? {},
    formatIn(ctx.language),
  );
  return `${words}: ${title}`;
}
