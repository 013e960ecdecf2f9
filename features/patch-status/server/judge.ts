/** How missing updates are judged; README.md says it in words. Beyond a threshold counts, exactly on it does not. */
import type { CheckState, CodeOf, Evidence, Judge, JudgementOf, SampleOf, Verdict } from "@hauswart/protocol/check.ts";
import type { patchStatus } from "../protocol.ts";
import { supportEnd } from "./support-periods.ts";

type Sample = SampleOf<typeof patchStatus>;
type Update = Sample["updates"][number];
type Settings = JudgementOf<typeof patchStatus>;
type PatchVerdict = Verdict<CodeOf<typeof patchStatus>>;

const dayMs = 86_400_000;
const daySeconds = 86_400;
const namedInEvidence = 5;

export const judge: Judge<typeof patchStatus> = ({ sample, settings, at }) => {
  const counted = settings.heldCounts ? sample.updates : sample.updates.filter(({ state }) => state !== "held");
  const doubt = whyNotSure(sample, settings);
  return [
    securityMissing(sample, counted, settings, doubt, at),
    ...otherMissing(sample, counted, settings, doubt, at),
    listsOld(sample, settings, at),
    ...sourcesUnusable(sample, settings),
    supportEnded(sample, settings, at),
  ];
};

/** Why "nothing is missing" would be no knowledge; undefined when it is. */
function whyNotSure(sample: Sample, settings: Settings): string | undefined {
  if (sample.listsState === "never-fetched") return "never-fetched";
  if (areListsTooOld(sample, settings)) return "lists-old";
  if (sample.listsState === "incomplete") return "incomplete";
  if (sample.sources.some(({ state }) => state === "expired")) return "source-expired";
  return sample.listsAgeSeconds === null ? "age-unknown" : undefined;
}

const areListsTooOld = ({ listsAgeSeconds }: Sample, { listsWarningDays }: Settings) =>
  listsAgeSeconds !== null && listsAgeSeconds > listsWarningDays * daySeconds;

/** What is missing stays missing, however old the knowledge is; only its absence needs fresh lists. */
function securityMissing(
  sample: Sample,
  counted: readonly Update[],
  { securityWarningDays, securityFailureDays }: Settings,
  doubt: string | undefined,
  at: number,
): PatchVerdict {
  const missing = counted.filter(({ isSecurity }) => isSecurity === true);
  const days = oldestDays(missing, at);
  const bad = worst(days, securityWarningDays, securityFailureDays);
  const evidence = { ...evidenceOf(sample, missing, days), securityWarningDays, securityFailureDays };
  const verdict = (state: CheckState, reason?: string): PatchVerdict => ({
    code: "security-missing",
    subject: "",
    state,
    evidence: { ...evidence, kind: "security", reason: reason ?? null },
  });
  if (bad !== "ok") return verdict(bad);
  if (doubt !== undefined) return verdict("unknown", doubt);
  if (sample.securitySource === "missing") return verdict("unknown", "no-security-source");
  if (counted.some(({ isSecurity }) => isSecurity === null)) return verdict("unknown", "unclassified");
  return verdict("ok");
}

function otherMissing(
  sample: Sample,
  counted: readonly Update[],
  { otherWarningDays }: Settings,
  doubt: string | undefined,
  at: number,
): PatchVerdict[] {
  if (otherWarningDays === 0) return [];
  const missing = counted.filter(({ isSecurity }) => isSecurity !== true);
  const days = oldestDays(missing, at);
  const state = worst(days, otherWarningDays, 0);
  const isDoubtful = state === "ok" && doubt !== undefined;
  return [
    {
      code: "updates-missing",
      subject: "",
      state: isDoubtful ? "unknown" : state,
      evidence: { ...evidenceOf(sample, missing, days), otherWarningDays, kind: "other", reason: isDoubtful ? doubt : null },
    },
  ];
}

/** For how long the one that has been missing longest has been; undefined when none is. */
function oldestDays(missing: readonly Update[], at: number): number | undefined {
  if (missing.length === 0) return undefined;
  return Math.max(0, at - Math.min(...missing.map(({ missingSince }) => missingSince))) / dayMs;
}

function worst(days: number | undefined, warningDays: number, failureDays: number): CheckState {
  if (days === undefined) return "ok";
  if (failureDays > 0 && days > failureDays) return "failure";
  return days > warningDays ? "warning" : "ok";
}

function evidenceOf(sample: Sample, missing: readonly Update[], days: number | undefined): Evidence {
  const oldestFirst = [...missing].sort((one, other) => one.missingSince - other.missingSince || (one.name < other.name ? -1 : 1));
  return {
    missingUpdates: missing.length,
    oldestDays: days === undefined ? null : Math.round(days * 100) / 100,
    oldestSinceAtMs: oldestFirst[0]?.missingSince ?? null,
    names: oldestFirst
      .slice(0, namedInEvidence)
      .map(({ name }) => name)
      .join(", "),
    critical: missing.filter(({ severity }) => severity === "critical").length,
    held: missing.filter(({ state }) => state === "held").length,
    listsAgeSeconds: sample.listsAgeSeconds,
    automaticUpdates: sample.automaticUpdates,
    allMissingUpdates: sample.missingCount,
  };
}

function listsOld(sample: Sample, settings: Settings, at: number): PatchVerdict {
  const { listsState, listsAgeSeconds, listsRefreshedBy, automaticUpdates } = sample;
  const isUnknown = listsState === "never-fetched" || listsAgeSeconds === null;
  const state: CheckState = areListsTooOld(sample, settings) ? "warning" : isUnknown ? "unknown" : "ok";
  return {
    code: "lists-old",
    subject: "",
    state,
    evidence: {
      listsState,
      listsRefreshedAtMs: listsAgeSeconds === null ? null : Math.max(0, at - listsAgeSeconds * 1_000),
      listsRefreshedBy,
      listsAgeSeconds,
      listsWarningDays: settings.listsWarningDays,
      automaticUpdates,
    },
  };
}

function sourcesUnusable({ sources }: Sample, { reportSources }: Settings): PatchVerdict[] {
  if (!reportSources) return [];
  return sources.map(({ name, state, problem }) => ({
    code: "source-unusable",
    subject: name,
    state: sourceStates[state],
    evidence: { sourceState: state, problem },
  }));
}

/** One that was never fetched may have been set up a minute ago: nothing is known yet. */
const sourceStates: Readonly<Record<Sample["sources"][number]["state"], CheckState>> = {
  usable: "ok",
  "never-fetched": "unknown",
  expired: "warning",
};

function supportEnded({ systemId, systemVersion, systemEdition }: Sample, { supportWarningDays }: Settings, at: number): PatchVerdict {
  const end = supportEnd(systemId, systemVersion, systemEdition);
  const system: Evidence = { systemId, systemVersion, systemEdition, supportWarningDays };
  const verdict = (state: CheckState, more: Evidence): PatchVerdict => ({
    code: "support-ended",
    subject: "",
    state,
    evidence: { ...system, ...more },
  });
  if (end === undefined) return verdict("unknown", { reason: "not-in-table" });
  if (end === "open") return verdict("ok", { supportIsOpen: true });
  const daysLeft = (end - at) / dayMs;
  const state = daysLeft < 0 ? "failure" : daysLeft < supportWarningDays ? "warning" : "ok";
  return verdict(state, { supportEndsAtMs: end, supportSecondsLeft: Math.max(0, Math.round(daysLeft * 86_400)), hasEnded: daysLeft < 0 });
}
