/** Adds up what a draft would bring about, and keeps the devices that matter most to tell them one by one. */
import { isDeepStrictEqual } from "node:util";
import type { PolicyPreview, PreviewDevice } from "@hauswart/protocol/api/policy-preview.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { dampingSaid } from "../damping-of.ts";
import type { CheckRow } from "../device-checks.ts";
import { presentSources, type PresentSource } from "../present-sources.ts";
import { defaultSource } from "../source.ts";
import type { KnownDraft } from "./draft-effect.ts";
import type { JudgedCheckEffect, JudgedDeviceEffect } from "./judge-effect.ts";

type Counts = PolicyPreview["alarms"];

export interface Summary {
  add(effects: readonly JudgedDeviceEffect[]): void;
  /** The answer; names are read for the devices that are told. */
  present(tx: Tx, ctx: Context, draft: KnownDraft, reachedDevices: number): Promise<PolicyPreview>;
}

/** @param devicesListed how many devices are told one by one. */
export function makeSummary(devicesListed: number): Summary {
  const zero = (): Counts => ({ devices: 0, findings: 0 });
  const figures = {
    changedDevices: 0,
    starts: 0,
    ends: 0,
    changes: 0,
    cannotRun: 0,
    alarms: zero(),
    recoveries: zero(),
    later: { alarms: zero(), recoveries: zero() },
    notJudged: 0,
  };
  let told: JudgedDeviceEffect[] = [];
  return {
    add(effects) {
      for (const { device, checks } of effects) {
        figures.changedDevices++;
        for (const { effect, notJudged } of checks) {
          if (effect === "cannot-run") figures.cannotRun++;
          else figures[effect]++;
          if (notJudged !== null) figures.notJudged++;
        }
        count(device.isConnected ? figures.alarms : figures.later.alarms, sumOf(checks, "alarms"));
        // What ends closes its findings at once, whether the device is there or not.
        const atOnce = checks.filter(({ effect }) => device.isConnected || effect === "ends");
        count(figures.recoveries, sumOf(atOnce, "recoveries"));
        count(figures.later.recoveries, sumOf(checks, "recoveries") - sumOf(atOnce, "recoveries"));
      }
      told = [...told, ...effects].sort(byWeight).slice(0, devicesListed);
    },
    async present(tx, ctx, draft, reachedDevices) {
      const sources = told.flatMap(({ checks }) => checks.flatMap((check) => Object.values(check.sources)));
      const read = await presentSources(tx, ctx, sources);
      // The draft may have another name than the policy has, and a new one is not in the database at all.
      const own = { policyName: draft.name, ...(draft.isNew ? { policyId: null } : {}) };
      const present: PresentSource = (source) =>
        source.scope !== "default" && source.policyId === draft.policyId ? { ...read(source), ...own } : read(source);
      return { reachedDevices, ...figures, devices: told.map((effect) => presentDevice(effect, present)) };
    },
  };
}

const sumOf = (checks: readonly JudgedCheckEffect[], what: "alarms" | "recoveries") => checks.reduce((sum, check) => sum + check[what], 0);

function count(counts: Counts, findings: number): void {
  if (findings === 0) return;
  counts.devices++;
  counts.findings += findings;
}

const rankOf = ({ checks }: JudgedDeviceEffect) => (sumOf(checks, "alarms") > 0 ? 0 : sumOf(checks, "recoveries") > 0 ? 1 : 2);

function byWeight(one: JudgedDeviceEffect, other: JudgedDeviceEffect): number {
  return (
    rankOf(one) - rankOf(other) ||
    Number(other.device.isConnected) - Number(one.device.isConnected) ||
    one.device.name.localeCompare(other.device.name, "de", { numeric: true }) ||
    (one.device.deviceId < other.device.deviceId ? -1 : 1)
  );
}

function presentDevice({ device, checks }: JudgedDeviceEffect, present: PresentSource): PreviewDevice {
  const { name: deviceName, ...about } = device;
  return { ...about, deviceName, checks: checks.map((check) => presentCheck(check, present)) };
}

function presentCheck(check: JudgedCheckEffect, present: PresentSource): PreviewDevice["checks"][number] {
  const { effect, before, after, sources, findings, notJudged } = check;
  const [was, becomes] = [effect === "starts" ? null : before, effect === "ends" ? null : after];
  const [valuesBefore, valuesAfter] = [was && settingsOf(was), becomes && settingsOf(becomes)];
  const names = effect === "changes" || effect === "starts" ? Object.keys({ ...valuesBefore, ...valuesAfter }) : [];
  return {
    check: after.check_id,
    instance: after.instance,
    effect,
    settings: names
      .map((name) => ({
        name,
        before: valuesBefore?.[name] ?? null,
        after: valuesAfter?.[name] ?? null,
        source: present(sources[name] ?? defaultSource),
      }))
      .filter((setting) => effect === "starts" || !isDeepStrictEqual(setting.before, setting.after)),
    findings: [...findings],
    notJudged,
  };
}

function settingsOf(row: CheckRow): Record<string, unknown> {
  const { every_seconds: everySeconds, daily_at_hour: dailyAtHour, failures_before_finding: failuresBeforeFinding } = row;
  return { everySeconds, dailyAtHour, failuresBeforeFinding, ...dampingSaid(row.damping), ...row.selection, ...row.judgement };
}
