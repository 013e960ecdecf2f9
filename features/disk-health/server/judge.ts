/** How drives are judged; README.md says it in words. Exactly on a threshold of temperature or wear is in order; counts alarm from their threshold on. */
import type { CheckState, CodeOf, Evidence, Judge, JudgementOf, Past, SampleOf, Verdict } from "@hauswart/protocol/check.ts";
import type { diskHealth } from "../protocol.ts";

type Drive = SampleOf<typeof diskHealth>["drives"][number];
type Settings = JudgementOf<typeof diskHealth>;
type Code = CodeOf<typeof diskHealth>;
type DriveVerdict = Verdict<Code>;

interface Looking {
  readonly drive: Drive;
  readonly settings: Settings;
  readonly past: Past;
  readonly at: number;
}

const dayMs = 86_400_000;
/** What grows when a drive dies. */
const errorCounters = ["reallocatedCount", "pendingCount", "uncorrectableCount", "mediaErrorCount"] as const;

export const judge: Judge<typeof diskHealth> = ({ sample, settings, past, at }) => {
  const { environment, physicalCount, virtualCount, drives } = sample;
  if (drives.length === 0)
    // Known for certain that there is no drive here that could fail.
    return [{ code: "predicted-failure", subject: "", state: "ok", evidence: { environment, physicalCount, virtualCount } }];
  return drives.flatMap((drive) => judgeDrive({ drive, settings, past, at }));
};

/** What a drive may leave out, because it cannot be read, sleeps, or does not tell this time: silence is no all-clear. */
const oftenUntold = [
  "predicted-failure",
  "read-only",
  "bad-sectors",
  "unreadable-data",
  "errors-growing",
  "worn-out",
  "spare-low",
  "too-hot",
  "transfer-errors",
] as const;

function judgeDrive(looking: Looking): DriveVerdict[] {
  const { drive, settings } = looking;
  if (drive.state === "missing") return [missing(drive, settings)];
  const verdicts = [
    predictedFailure(drive),
    missing(drive, settings),
    ...(hasTold(drive)
      ? [
          readOnly(drive),
          badSectors(looking),
          unreadableData(looking),
          errorsGrowing(looking),
          wornOut(looking),
          spareLow(drive),
          tooHot(looking),
          transferErrors(looking),
        ]
      : []),
  ];
  return verdicts.filter((verdict) => verdict !== undefined);
}

const hasTold = ({ state }: Drive) => state === "measured" || state === "asleep";

const about = ({ device, kind, state, firmware, capacityBytes, problem, powerOnSeconds }: Drive): Evidence => ({
  device,
  kind,
  driveState: state,
  firmware,
  capacityBytes,
  problem,
  powerOnSeconds,
});

function verdict(code: Code, drive: Drive, state: CheckState, evidence: Evidence): DriveVerdict {
  return { code, subject: drive.drive, state, evidence: { ...about(drive), ...evidence } };
}

/** Whether it is where it was. A drive at which nobody looks any more is named in the settings, or forgotten by the agent in time. */
function missing(drive: Drive, { reportMissing }: Settings): DriveVerdict {
  const isMissing = drive.state === "missing";
  const state: CheckState = !isMissing ? "ok" : reportMissing ? "failure" : "unknown";
  return { ...verdict("missing", drive, state, { isMissing }), hides: oftenUntold };
}

function predictedFailure(drive: Drive): DriveVerdict {
  const { prediction, failingReasons, temperatureCelsius, wearPercent } = drive;
  const state: CheckState = prediction === "failing" ? "failure" : prediction === "healthy" && hasTold(drive) ? "ok" : "unknown";
  const reason: Evidence = state === "unknown" ? { reason: hasTold(drive) ? "not-told" : drive.state } : {};
  return verdict("predicted-failure", drive, state, { prediction, failingReasons, temperatureCelsius, wearPercent, ...reason });
}

function readOnly(drive: Drive): DriveVerdict | undefined {
  // Only NVMe tells of it, and not by every way.
  if (drive.isReadOnly === null) return undefined;
  return verdict("read-only", drive, drive.isReadOnly ? "failure" : "ok", { isReadOnly: drive.isReadOnly });
}

/** From the threshold on; 0 switches one off. */
function from(value: number, warning: number, failure: number): CheckState {
  if (failure > 0 && value >= failure) return "failure";
  return warning > 0 && value >= warning ? "warning" : "ok";
}

/** Beyond the threshold; 0 switches one off. */
function above(value: number, warning: number, failure: number): CheckState {
  if (failure > 0 && value > failure) return "failure";
  return warning > 0 && value > warning ? "warning" : "ok";
}

function badSectors({ drive, settings }: Looking): DriveVerdict | undefined {
  const { reallocatedCount } = drive;
  if (reallocatedCount === null) return undefined;
  const { reallocatedWarningCount, reallocatedFailureCount } = settings;
  const state = from(reallocatedCount, reallocatedWarningCount, reallocatedFailureCount);
  return verdict("bad-sectors", drive, state, { reallocatedCount, reallocatedWarningCount, reallocatedFailureCount });
}

function unreadableData({ drive, settings }: Looking): DriveVerdict | undefined {
  const { pendingCount, uncorrectableCount, mediaErrorCount } = drive;
  const counts = [pendingCount, uncorrectableCount, mediaErrorCount].filter((count) => count !== null);
  if (counts.length === 0) return undefined;
  const { unreadableWarningCount, unreadableFailureCount } = settings;
  const worst = Math.max(...counts);
  return verdict("unreadable-data", drive, from(worst, unreadableWarningCount, unreadableFailureCount), {
    unreadableCount: worst,
    pendingCount,
    uncorrectableCount,
    mediaErrorCount,
    unreadableWarningCount,
    unreadableFailureCount,
  });
}

interface Growth {
  readonly counter: string;
  readonly grownBy: number;
  readonly days: number;
}

/** How much a counter grew since its oldest remembered point; undefined without one. A counter that fell starts anew at its lowest. */
function growthOf({ drive, past, at }: Looking, counter: (typeof errorCounters)[number] | "transferErrorCount"): Growth | undefined {
  const now = drive[counter];
  const points = past.points(`drives.${counter}`, drive.drive).filter((point) => point.at < at);
  if (now === null || points.length === 0) return undefined;
  const lowest = points.reduce((least, point) => (point.value < least.value ? point : least));
  return { counter, grownBy: Math.max(0, now - lowest.value), days: Math.max(1, Math.round((at - lowest.at) / dayMs)) };
}

function errorsGrowing(looking: Looking): DriveVerdict | undefined {
  const { drive, settings } = looking;
  const growths = errorCounters.map((counter) => growthOf(looking, counter)).filter((growth) => growth !== undefined);
  const [most] = growths.sort((one, other) => other.grownBy - one.grownBy);
  if (!most) return undefined;
  const { growthWarningCount, growthFailureCount } = settings;
  const state = from(most.grownBy, growthWarningCount, growthFailureCount);
  return verdict("errors-growing", drive, state, { ...most, count: drive[most.counter as (typeof errorCounters)[number]] });
}

function transferErrors(looking: Looking): DriveVerdict | undefined {
  const { drive, settings } = looking;
  const growth = growthOf(looking, "transferErrorCount");
  if (!growth) return undefined;
  const state = from(growth.grownBy, settings.transferWarningCount, 0);
  return verdict("transfer-errors", drive, state, { ...growth, transferErrorCount: drive.transferErrorCount });
}

function wornOut({ drive, settings }: Looking): DriveVerdict | undefined {
  const { wearPercent } = drive;
  if (wearPercent === null) return undefined;
  const { wearWarningPercent, wearFailurePercent } = settings;
  return verdict("worn-out", drive, above(wearPercent, wearWarningPercent, wearFailurePercent), {
    usedPercent: wearPercent,
    wearWarningPercent,
    wearFailurePercent,
  });
}

/** Below its own threshold the drive is at its end; close above it is a warning. */
function spareLow(drive: Drive): DriveVerdict | undefined {
  const { availableSparePercent, spareThresholdPercent } = drive;
  if (availableSparePercent === null) return undefined;
  const threshold = spareThresholdPercent ?? 10;
  const warning = Math.min(100, threshold * 2);
  const state: CheckState = availableSparePercent < threshold ? "failure" : availableSparePercent < warning ? "warning" : "ok";
  return verdict("spare-low", drive, state, { availableSparePercent, spareThresholdPercent: threshold });
}

function tooHot({ drive, settings }: Looking): DriveVerdict | undefined {
  const { temperatureCelsius, warningAtCelsius, criticalAtCelsius, kind, state } = drive;
  // What a sleeping drive said before it fell asleep is no temperature.
  if (temperatureCelsius === null || state === "asleep") return undefined;
  const isHardDisk = kind === "hard-disk";
  // A hard disk's own limit is the one that destroys it; a solid state drive's is when it slows down.
  const warning = isHardDisk ? settings.hardDiskWarningCelsius : (warningAtCelsius ?? settings.ssdWarningCelsius);
  const failure = isHardDisk ? settings.hardDiskFailureCelsius : (criticalAtCelsius ?? settings.ssdFailureCelsius);
  return verdict("too-hot", drive, above(temperatureCelsius, warning, failure), {
    temperature: temperatureCelsius,
    warningCelsius: warning,
    failureCelsius: failure,
  });
}
