/** Judges the double's devices with the features' own judges, and draws their values over time. */
import judgedChecks from "@hauswart/features/registry/server.ts";
import { workingWeek } from "@hauswart/testkit/working-week.ts";
import type { DeviceCheck } from "@hauswart/protocol/api/models.ts";
import type { Policy } from "@hauswart/protocol/api/policies.ts";
import type { AnyCheck, CheckState, Judge, Past } from "@hauswart/protocol/check.ts";
import { compileCodec, type SampleCodec } from "@hauswart/protocol/sample-codec.ts";
import { resolveChecks, type DesiredCheck, type ReachingPolicy } from "@hauswart/server/policies/resolve.ts";
import type { Source } from "@hauswart/server/policies/source.ts";
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { sampleOf, type DoubleDevice } from "./fleet.ts";

export const definitions: readonly AnyCheck[] = judgedChecks.map(({ definition }) => definition as AnyCheck);
const judges = new Map(judgedChecks.map(({ definition, judge }) => [definition.id, judge as unknown as Judge<AnyCheck>]));
const codecs = new Map<string, SampleCodec>(definitions.map((definition) => [definition.id, compileCodec(definition) as SampleCodec]));
const rank: Record<CheckState, number> = { failure: 3, warning: 2, unknown: 1, ok: 0 };

export const worst = (states: readonly CheckState[]): CheckState =>
  states.reduce<CheckState>((bad, state) => (rank[state] > rank[bad] ? state : bad), "ok");

/** The policies that reach a device, as the server would find them. */
export function policiesOf({ device }: DoubleDevice, policies: readonly Policy[]): ReachingPolicy[] {
  const ids = { provider: "", customer: device.customerId, site: device.siteId, device: device.deviceId };
  return policies.flatMap((policy) =>
    policy.assignments
      .filter(({ scope }) => device.kind === "agent" || scope === "tag" || scope === "device")
      .filter(({ scope, scopeId }) => (scope === "tag" ? device.tags.includes(scopeId) : ids[scope] === scopeId))
      .map(({ scope, scopeId }) => ({
        policyId: policy.policyId,
        name: policy.name,
        level: scope,
        levelId: scopeId,
        checks: policy.checks,
      })),
  );
}

function pastOf(one: DoubleDevice, definition: AnyCheck, atMs: number): Past {
  return {
    points(field, subject) {
      const { history } = definition;
      if (!history) return [];
      const stepMs = history.stepMinutes * 60_000;
      const first = Math.ceil((atMs - history.hours * 3_600_000) / stepMs) * stepMs;
      const moments = Array.from({ length: Math.max(0, Math.ceil((atMs - first) / stepMs)) }, (_, index) => first + index * stepMs);
      return moments.flatMap((at) => {
        const value = valuesAt(one, definition.id, at).find((place) => place.field === field && place.subject === subject)?.value;
        return value === null || value === undefined ? [] : [{ at, value }];
      });
    },
  };
}

/** Every series value of one check at a moment. */
function valuesAt(one: DoubleDevice, check: string, atMs: number) {
  const sample = sampleOf(one, check, atMs);
  const codec = codecs.get(check);
  if (!sample || !codec) return [];
  const { fact, values } = codec.split(sample);
  return codec.describe(fact).map((place, index) => ({ ...place, value: values[index] ?? null }));
}

export interface Names {
  policyName(policyId: string): string;
  scopeName(scope: string, scopeId: string): string;
}

/** A device's checks as the API shows them. */
export function checksOf(one: DoubleDevice, policies: readonly Policy[], names: Names, nowMs: number): DeviceCheck[] {
  const possible = definitions.filter(({ fromServer }) => one.device.kind === "agent" || fromServer);
  return resolveChecks(possible, policiesOf(one, policies), one.device.role)
    .checks.filter(({ enabled }) => enabled)
    .map((desired, number) => checkOf(one, desired, number, names, nowMs));
}

function checkOf(one: DoubleDevice, desired: DesiredCheck, number: number, names: Names, nowMs: number): DeviceCheck {
  const definition = definitions.find(({ id }) => id === desired.check)!;
  const failure = one.failing[desired.check];
  const everyMs = desired.everySeconds * 1_000;
  const ends = one.lastEvidenceMs ?? nowMs;
  const evidenceMs =
    ends === 0 ? null : Math.floor((ends - ((number * 9_000) % everyMs)) / everyMs) * everyMs + ((number * 9_000) % everyMs);
  const isAbsent = one.lastEvidenceMs !== undefined;
  const sample = evidenceMs === null || failure ? undefined : sampleOf(one, desired.check, evidenceMs);
  const verdicts =
    sample && evidenceMs !== null
      ? judges.get(desired.check)!({
          sample,
          settings: desired.judgement,
          past: pastOf(one, definition, evidenceMs),
          at: evidenceMs,
          calendar: workingWeek,
        })
      : [];
  const isUnknown = failure !== undefined || isAbsent;
  const source = (from: Source) =>
    from.scope === "default"
      ? { policyId: null, policyName: "", scope: "default" as const, scopeName: "" }
      : {
          policyId: from.policyId,
          policyName: names.policyName(from.policyId),
          scope: from.scope,
          scopeName: names.scopeName(from.scope, from.scopeId),
        };
  return {
    number,
    check: desired.check,
    instance: desired.instance,
    state: isUnknown ? "unknown" : worst(verdicts.map(({ state }) => state)),
    unknownReason: failure ? "collect-failed" : isAbsent ? (evidenceMs === null ? "never-measured" : "device-absent") : null,
    unknownDetail: failure ?? null,
    since: evidenceMs === null ? null : new Date(evidenceMs - 3_600_000 * (1 + (number % 5))).toISOString(),
    evidenceAt: evidenceMs === null ? null : new Date(failure ? evidenceMs - 4 * 3_600_000 : evidenceMs).toISOString(),
    evidenceSource: "agent",
    freshForSeconds: desired.everySeconds * 2.5 + 30,
    everySeconds: desired.everySeconds,
    subjects: verdicts.map((verdict) => ({
      ...verdict,
      state: isUnknown ? ("unknown" as const) : verdict.state,
      evidence: { ...verdict.evidence },
    })),
    settings: {
      everySeconds: desired.everySeconds,
      dailyAtHour: desired.dailyAtHour,
      failuresBeforeFinding: desired.failuresBeforeFinding,
      ...desired.selection,
      ...desired.judgement,
    },
    sources: Object.fromEntries(Object.entries(desired.sources).map(([name, from]) => [name, source(from)])),
  };
}

/** Values over time: single samples up to four days, hours beyond; a computer that was off leaves a gap. */
export function seriesOf(
  one: DoubleDevice,
  check: DeviceCheck,
  asked: { from: string; to: string; field?: string; subject?: string },
  nowMs: number,
): ResponseOf<"getSeries"> {
  const [fromMs, toMs] = [Date.parse(asked.from), Math.min(Date.parse(asked.to), one.lastEvidenceMs ?? nowMs)];
  const isHourly = Date.parse(asked.to) - fromMs > 4 * 86_400_000;
  const stepMs = isHourly ? 3_600_000 : check.everySeconds * 1_000;
  const lines = new Map<string, ResponseOf<"getSeries">["series"][number]>();
  for (let at = Math.ceil(fromMs / stepMs) * stepMs; at <= toMs; at += stepMs) {
    if (Date.parse(one.device.enrolledAt) > at || wasOff(one, at)) continue;
    const inner = isHourly
      ? [0, 0.25, 0.5, 0.75].map((part) => valuesAt(one, check.check, at + part * stepMs))
      : [valuesAt(one, check.check, at)];
    for (const { field, unit, subject, value } of inner[0]!) {
      if ((asked.field !== undefined && asked.field !== field) || (asked.subject !== undefined && asked.subject !== subject)) continue;
      const key = `${field}\n${subject}`;
      const line = lines.get(key) ?? { field, unit, subject, at: [], value: [], ...(isHourly ? { min: [], max: [] } : {}) };
      lines.set(key, line);
      const values = inner
        .map((places) => places.find((place) => place.field === field && place.subject === subject)?.value ?? value)
        .filter((found) => found !== null);
      line.at.push(at / 1_000);
      line.value.push(values.length === 0 ? null : values.reduce((sum, found) => sum + found, 0) / values.length);
      line.min?.push(values.length === 0 ? null : Math.min(...values));
      line.max?.push(values.length === 0 ? null : Math.max(...values));
    }
  }
  return { check: check.number, from: asked.from, to: asked.to, stepSeconds: isHourly ? 3_600 : 0, series: [...lines.values()] };
}

/** Workstations are off at night; the last night always has a gap to look at. */
function wasOff({ device }: DoubleDevice, atMs: number): boolean {
  if (device.role === "server") return false;
  const hour = new Date(atMs).getUTCHours();
  return hour >= 21 || hour < 4;
}
