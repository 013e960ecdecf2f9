/** What a draft would bring about in the double: every device judged with the policies as they are, and with the draft. */
import type { DeviceCheck } from "@hauswart/protocol/api/models.ts";
import type { Policy } from "@hauswart/protocol/api/policies.ts";
import type { PolicyDraft, PolicyPreview, PreviewDevice, PreviewFinding } from "@hauswart/protocol/api/policy-preview.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import type { DoubleDevice } from "./fleet.ts";
import { checksOf, policiesOf } from "./judging.ts";
import { namesOf } from "./names.ts";
import type { World } from "./world.ts";

type Told = PreviewDevice["checks"][number];

const isBad = (state: string) => state === "warning" || state === "failure";
const alarmsOf = (checks: readonly Told[]) =>
  checks
    .flatMap(({ findings }) => findings)
    .filter(({ kind, severity }) => kind === "open" || (kind === "change" && severity === "failure"));
const allOf = (checks: readonly Told[]) => checks.flatMap(({ findings }) => findings);

/** The answer of previewPolicy. */
export function previewOf(world: World, draft: PolicyDraft): PolicyPreview {
  const known = world.policies.find(({ policyId }) => policyId === draft.policyId);
  const names = namesOf(world);
  const policy: Policy = {
    policyId: known?.policyId ?? newId(world.nowMs()),
    customerId: known?.customerId ?? draft.customerId,
    name: draft.name,
    checks: draft.checks,
    assignments: draft.assignments.map((one) => ({ ...one, scopeName: names.scopeName(one.scope, one.scopeId) })),
    revision: known?.revision ?? 1,
    updatedAt: new Date(world.nowMs()).toISOString(),
  };
  const then = [...world.policies.filter((one) => one !== known), policy];
  const preview: PolicyPreview = {
    reachedDevices: 0,
    changedDevices: 0,
    starts: 0,
    ends: 0,
    changes: 0,
    cannotRun: 0,
    alarms: { devices: 0, findings: 0 },
    recoveries: { devices: 0, findings: 0 },
    later: { alarms: { devices: 0, findings: 0 }, recoveries: { devices: 0, findings: 0 } },
    notJudged: 0,
    devices: [],
  };
  for (const one of world.devices.filter(({ device }) => device.lifecycle !== "revoked")) {
    const reaches = (policies: readonly Policy[]) => policiesOf(one, policies).some(({ policyId }) => policyId === policy.policyId);
    if (!reaches(world.policies) && !reaches(then)) continue;
    preview.reachedDevices++;
    const told = deviceOf(world, one, then);
    if (told) addUp(preview, told);
  }
  const weight = ({ checks }: PreviewDevice) => (alarmsOf(checks).length > 0 ? 0 : allOf(checks).length > 0 ? 1 : 2);
  preview.devices.sort((one, other) => weight(one) - weight(other) || one.deviceName.localeCompare(other.deviceName, "de"));
  preview.devices.splice(draft.devicesListed);
  return preview;
}

function addUp(preview: PolicyPreview, told: PreviewDevice): void {
  preview.changedDevices++;
  for (const { effect, notJudged } of told.checks) {
    if (effect === "cannot-run") preview.cannotRun++;
    else preview[effect]++;
    if (notJudged) preview.notJudged++;
  }
  const place = told.isConnected ? preview : preview.later;
  const alarms = alarmsOf(told.checks).length;
  const recoveries = allOf(told.checks).length - alarms;
  if (alarms > 0) place.alarms.devices++;
  place.alarms.findings += alarms;
  if (recoveries > 0) place.recoveries.devices++;
  place.recoveries.findings += recoveries;
  preview.devices.push(told);
}

function deviceOf(world: World, one: DoubleDevice, then: readonly Policy[]): PreviewDevice | undefined {
  const names = namesOf(world);
  const keyOf = ({ check, instance }: DeviceCheck) => `${check}\n${instance}`;
  const was = new Map(checksOf(one, world.policies, names, world.nowMs()).map((check) => [keyOf(check), check]));
  const becomes = new Map(checksOf(one, then, names, world.nowMs()).map((check) => [keyOf(check), check]));
  const checks = [...new Set([...was.keys(), ...becomes.keys()])].flatMap((key) => checkOf(was.get(key), becomes.get(key)) ?? []);
  if (checks.length === 0) return undefined;
  const { deviceId, name: deviceName, customerId, customerName, siteName } = one.device;
  return { deviceId, deviceName, customerId, customerName, siteName, isConnected: one.lastEvidenceMs === undefined, checks };
}

function checkOf(was: DeviceCheck | undefined, becomes: DeviceCheck | undefined): Told | undefined {
  const { check, instance } = (becomes ?? was)!;
  const settings = Object.keys(becomes?.settings ?? {})
    .map((name) => ({
      name,
      before: was?.settings[name] ?? null,
      after: becomes!.settings[name] ?? null,
      source: becomes!.sources[name] ?? { policyId: null, policyName: "", scope: "default" as const, scopeName: "" },
    }))
    .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
  if (was && becomes && settings.length === 0) return undefined;
  const effect = was ? (becomes ? "changes" : "ends") : "starts";
  const findings = was ? findingsOf(was, becomes) : [];
  return {
    check,
    instance,
    effect,
    settings,
    findings,
    notJudged: effect === "changes" && was?.subjects.length === 0 ? "no-sample" : null,
  };
}

function findingsOf(was: DeviceCheck, becomes: DeviceCheck | undefined): PreviewFinding[] {
  return was.subjects.flatMap(({ code, subject, state, evidence }): PreviewFinding[] => {
    const next = becomes?.subjects.find((other) => other.code === code && other.subject === subject);
    const severity = state === "failure" ? ("failure" as const) : ("warning" as const);
    if (!becomes) return isBad(state) ? [{ kind: "close", code, subject, severity, reason: "check-ended", evidence: null }] : [];
    if (!next || next.state === state) return [];
    if (!isBad(next.state)) return isBad(state) ? [{ kind: "close", code, subject, severity, reason: "recovered", evidence }] : [];
    return [
      {
        kind: isBad(state) ? "change" : "open",
        code,
        subject,
        severity: next.state,
        reason: null,
        evidence: next.evidence,
      },
    ];
  });
}
