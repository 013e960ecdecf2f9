/** What would happen to findings: the newest samples judged with the draft's settings, as they are when it is saved. */
import type { PreviewFinding } from "@hauswart/protocol/api/policy-preview.ts";
import type { WorkingCalendar } from "@hauswart/protocol/check.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Calendars } from "../../calendars/calendars-of.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { readNewestSamples, type NewestSampleRow } from "../../devices/check-row.ts";
import { newestVerdicts } from "../../devices/newest-verdicts.ts";
import { isUndamped, type DampingInput } from "../../evaluate/damping.ts";
import { freshForSeconds } from "../../evaluate/effective-state.ts";
import { evaluate, type Change } from "../../evaluate/evaluate.ts";
import type { JudgedState } from "../../evaluate/judged-state.ts";
import type { CheckEffect, DeviceEffect, DeviceOfPreview } from "./device-effect.ts";

export interface JudgedCheckEffect extends CheckEffect {
  readonly findings: readonly PreviewFinding[];
  readonly notJudged: "no-sample" | "judge-failed" | null;
  /** Of its findings, those that would open or get worse, and those that would close or get milder. */
  readonly alarms: number;
  readonly recoveries: number;
}

export interface JudgedDeviceEffect {
  readonly device: DeviceOfPreview;
  readonly checks: readonly JudgedCheckEffect[];
}

const sampleKey = (deviceId: Id, number: number) => `${deviceId} ${number}`;

/** Judges what runs on with other settings; what ends closes its findings, what starts has not been measured yet. */
export async function judgeEffects(
  tx: Tx,
  ctx: Context,
  calendars: Calendars,
  effects: readonly DeviceEffect[],
): Promise<JudgedDeviceEffect[]> {
  const asked = effects.flatMap(({ device, checks }) =>
    checks.filter(({ effect }) => effect === "changes").map(({ after }) => ({ deviceId: device.deviceId, number: after.number })),
  );
  const rows = asked.length === 0 ? [] : await readNewestSamples(tx, ctx.providerId, asked);
  const samples = new Map(rows.map((row) => [sampleKey(row.device_id, row.number), row]));
  return effects.map(({ device, checks }) => ({
    device,
    checks: checks.map((check) =>
      judgeCheck(ctx, check, samples.get(sampleKey(device.deviceId, check.after.number)), calendars.workingTime(device, "service")),
    ),
  }));
}

function judgeCheck(ctx: Context, check: CheckEffect, sample: NewestSampleRow | undefined, calendar: WorkingCalendar): JudgedCheckEffect {
  if (check.effect === "ends") return judged(check, check.judged.bad.flatMap(endedFinding));
  if (check.effect !== "changes") return judged(check, []);
  if (!sample || sample.fact === null || sample.evidence_at === null) return { ...judged(check, []), notJudged: "no-sample" };
  try {
    const row = { ...sample, check_id: check.after.check_id, judgement: check.after.judgement };
    const { changes } = evaluate({
      previous: check.judged,
      outcome: { kind: "measured", verdicts: newestVerdicts(ctx.services.checks, row, calendar) },
      failuresBeforeFinding: check.after.failures_before_finding,
      isAgain: true,
      damping: dampingOfPreview(ctx, check, sample, sample.evidence_at.getTime(), calendar),
    });
    return judged(
      check,
      changes.map((change) => presentChange(check.judged, change)),
    );
  } catch (error) {
    ctx.services.log.error("a sample could not be judged for a preview", { check: check.after.check_id, error });
    return { ...judged(check, []), notJudged: "judge-failed" };
  }
}

function dampingOfPreview(
  ctx: Context,
  { after }: CheckEffect,
  sample: NewestSampleRow,
  atMs: number,
  calendar: WorkingCalendar,
): DampingInput | undefined {
  const rule = after.damping;
  if (isUndamped(rule)) return undefined;
  const longestStepMs = freshForSeconds(after.every_seconds, after.daily_at_hour) * 1_000;
  if (!rule.recovery) return { rule, atMs, longestStepMs };
  const row = { ...sample, check_id: after.check_id, judgement: { ...after.judgement, ...rule.recovery } };
  return { rule, atMs, longestStepMs, recoveryVerdicts: () => newestVerdicts(ctx.services.checks, row, calendar) };
}

function judged(check: CheckEffect, findings: readonly PreviewFinding[]): JudgedCheckEffect {
  const recoveries = findings.filter(({ kind, severity }) => kind === "close" || (kind === "change" && severity === "warning")).length;
  return { ...check, findings, notJudged: null, alarms: findings.length - recoveries, recoveries };
}

function endedFinding({ code, subject, open }: JudgedState["bad"][number]): PreviewFinding[] {
  return open ? [{ kind: "close", code, subject, severity: open, reason: "check-ended", evidence: null }] : [];
}

function presentChange(judgedBefore: JudgedState, change: Change): PreviewFinding {
  const { code, subject, evidence } = change;
  if (change.kind !== "close")
    return { kind: change.kind, code, subject, severity: change.severity, reason: null, evidence: { ...change.evidence } };
  const open = judgedBefore.bad.find((known) => known.code === code && known.subject === subject)?.open ?? "warning";
  return { kind: "close", code, subject, severity: open, reason: change.reason, evidence: evidence && { ...evidence } };
}
