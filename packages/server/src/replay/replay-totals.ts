/** Adds up what a replay found, device by device, and keeps those that matter most to be told one by one. */
import type { ReplayResult, ReplaySuggestion, ReplayedDevice } from "@hauswart/protocol/api/policy-replay.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";
import { dampingSaid } from "../policies/damping-of.ts";
import { shortMsOf, suggest, type Candidate, type CandidateEffect, type Suggestion } from "./candidates.ts";
import type { DeviceOutcome } from "./replay-device.ts";
import type { PlannedDevice, PlannedGroup } from "./replay-plan.ts";
import type { TimeRange } from "./stored-days.ts";
import type { WouldBeFinding } from "./trace.ts";

const mostDevices = 100;

export interface Totals {
  add(group: PlannedGroup, device: PlannedDevice, outcome: DeviceOutcome): void;
  present(): ReplayResult;
}

interface Sum {
  readonly candidate: Candidate;
  effect: CandidateEffect;
  /** Findings of the devices on which it was tried. */
  told: number;
}

/** @param groups all that are replayed. */
export function makeTotals(groups: readonly PlannedGroup[], { fromMs, toMs }: TimeRange): Totals {
  const figures = {
    samples: 0,
    notJudged: 0,
    devicesWithSamples: 0,
    devicesWithFindings: 0,
    findings: 0,
    short: 0,
    held: 0,
    findingsNow: 0,
  };
  let coveredMs = 0;
  let listed: { group: PlannedGroup; device: PlannedDevice; outcome: DeviceOutcome }[] = [];
  const sums = new Map<string, Sum>();
  return {
    add(group, device, outcome) {
      figures.samples += outcome.samples;
      figures.notJudged += outcome.notJudged;
      figures.findings += outcome.findings;
      figures.short += outcome.short;
      figures.held += outcome.held;
      figures.findingsNow += outcome.findingsNow;
      if (outcome.samples > 0) figures.devicesWithSamples++;
      if (outcome.findings > 0) figures.devicesWithFindings++;
      coveredMs += outcome.coveredMs;
      addCandidates(sums, outcome);
      if (outcome.findings > 0 || outcome.findingsNow > 0) listed.push({ group, device, outcome });
      if (listed.length >= 2 * mostDevices) listed = listed.sort(byFindings).slice(0, mostDevices);
    },
    present() {
      const everySeconds = groups[0]?.draft.everySeconds ?? 300;
      const tried = [...sums.values()].filter(({ told }) => told === figures.findings);
      const suggestions = suggest(
        tried.map(({ candidate }) => candidate),
        tried.map(({ effect }) => effect),
        figures,
      );
      return {
        from: isoTime(fromMs),
        to: isoTime(toMs),
        everySeconds,
        ...figures,
        devices: groups.reduce((sum, { devices }) => sum + devices.length, 0),
        shortMinutes: shortMsOf(everySeconds) / 60_000,
        coveredPercent: percentOf(coveredMs, (toMs - fromMs) * Math.max(1, figures.devicesWithSamples)),
        suggestions: suggestions.map(presentSuggestion),
        listed: listed
          .sort(byFindings)
          .slice(0, mostDevices)
          .map(({ group, device, outcome }) => presentDevice(group, device, outcome, toMs - fromMs)),
      };
    },
  };
}

const percentOf = (part: number, whole: number) => Math.round(Math.min(1, part / whole) * 1_000) / 10;

const byFindings = (one: { outcome: DeviceOutcome; device: PlannedDevice }, other: { outcome: DeviceOutcome; device: PlannedDevice }) =>
  other.outcome.findings - one.outcome.findings ||
  other.outcome.findingsNow - one.outcome.findingsNow ||
  one.device.deviceName.localeCompare(other.device.deviceName, "de", { numeric: true });

/** A candidate means the same on all devices of a check, but for thresholds that differ between them. */
function addCandidates(sums: Map<string, Sum>, outcome: DeviceOutcome): void {
  outcome.candidates.forEach(({ candidate, ...effect }) => {
    const key = JSON.stringify(candidate);
    const sum = sums.get(key) ?? { candidate, effect: { findings: 0, shortLeft: 0, lastingKept: 0 }, told: 0 };
    sum.effect = {
      findings: sum.effect.findings + effect.findings,
      shortLeft: sum.effect.shortLeft + effect.shortLeft,
      lastingKept: sum.effect.lastingKept + effect.lastingKept,
    };
    sum.told += outcome.findings;
    sums.set(key, sum);
  });
}

function presentSuggestion({ kind, damping, findings, shortLeft, lastingKept }: Suggestion): ReplaySuggestion {
  return { kind, ...dampingSaid(damping), findings, shortLeft, lastingKept };
}

function presentDevice({ draft }: PlannedGroup, device: PlannedDevice, outcome: DeviceOutcome, spanMs: number): ReplayedDevice {
  const { deviceId, deviceName, customerName, siteName, checkNumber } = device;
  return {
    deviceId,
    deviceName,
    customerName,
    siteName,
    checkNumber,
    settings: { failuresBeforeFinding: draft.failuresBeforeFinding, ...dampingSaid(draft.damping), ...draft.judgement },
    findings: outcome.findings,
    short: outcome.short,
    findingsNow: outcome.findingsNow,
    coveredPercent: percentOf(outcome.coveredMs, spanMs),
    listed: outcome.listed.map(presentFinding),
  };
}

const presentFinding = ({ code, subject, worst, openedMs, closedMs, flapCount }: WouldBeFinding): ReplayedDevice["listed"][number] => ({
  code,
  subject,
  severity: worst,
  openedAt: isoTime(openedMs),
  closedAt: isoTimeOrNull(closedMs === null ? null : new Date(closedMs)),
  flapCount,
});
