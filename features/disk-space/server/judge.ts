/**
 * How free space is judged; README.md says it in words. A threshold counts as broken when the value lies beyond it; a value that
 * meets it exactly is in order.
 */
import type { CheckState, CodeOf, Evidence, Judge, JudgementOf, Past, SampleOf, Verdict } from "@hauswart/protocol/check.ts";
import type { diskSpace } from "../protocol.ts";
import { fillTrend } from "./fill-trend.ts";

type Volume = SampleOf<typeof diskSpace>["volumes"][number];
type Settings = JudgementOf<typeof diskSpace>;
type DiskVerdict = Verdict<CodeOf<typeof diskSpace>>;

const historyField = "volumes.availableBytes";
/** What a volume that cannot be read does not tell either, and what one with a short history does not. */
const unmeasuredHides = ["few-inodes", "filling-up"] as const;
const shortHistoryHides = ["filling-up"] as const;

export const judge: Judge<typeof diskSpace> = ({ sample, settings, past, at }) =>
  sample.volumes.flatMap((volume) => judgeVolume(volume, settings, past, at));

function judgeVolume(volume: Volume, settings: Settings, past: Past, at: number): DiskVerdict[] {
  const { mount, totalBytes, availableBytes } = volume;
  const verdicts = volume.expected ? [notMounted(volume, settings)] : [];
  if (volume.state !== "measured" || totalBytes === null || availableBytes === null || totalBytes <= 0) {
    return [...verdicts, { code: "low-space", subject: mount, state: "unknown", evidence: unmeasured(volume), hides: unmeasuredHides }];
  }
  const space = { availableBytes, totalBytes, availablePercent: share(availableBytes, totalBytes) };
  const forecast = fillingUp(mount, space, settings, past, at);
  const low = lowSpace(mount, space, settings);
  verdicts.push(forecast === "too-short" ? { ...low, hides: shortHistoryHides } : low);
  if (volume.availableInodesPercent !== null) verdicts.push(fewInodes(mount, volume.availableInodesPercent, space, settings));
  return typeof forecast === "object" ? [...verdicts, forecast] : verdicts;
}

interface Space {
  readonly availableBytes: number;
  readonly totalBytes: number;
  readonly availablePercent: number;
}

const share = (part: number, whole: number) => Math.min(100, (part / whole) * 100);

const unmeasured = ({ state, problem, absentSince, device }: Volume): Evidence => ({
  reason: state === "absent" ? "absent" : "unreadable",
  problem,
  absentSinceAtMs: absentSince,
  device,
});

/** Of share and amount the larger counts; 0 switches one off. */
const limit = (totalBytes: number, percent: number, bytes: number) => Math.max((totalBytes * percent) / 100, bytes);

function lowSpace(subject: string, space: Space, settings: Settings): DiskVerdict {
  const warningBelowBytes = limit(space.totalBytes, settings.warningBelowPercent, settings.warningBelowBytes);
  const failureBelowBytes = limit(space.totalBytes, settings.failureBelowPercent, settings.failureBelowBytes);
  const state = below(space.availableBytes, warningBelowBytes, failureBelowBytes);
  return { code: "low-space", subject, state, evidence: { ...space, warningBelowBytes, failureBelowBytes } };
}

function fewInodes(subject: string, availableInodesPercent: number, space: Space, settings: Settings): DiskVerdict {
  const { warningBelowInodesPercent, failureBelowInodesPercent } = settings;
  const state = below(availableInodesPercent, warningBelowInodesPercent, failureBelowInodesPercent);
  return {
    code: "few-inodes",
    subject,
    state,
    evidence: { availableInodesPercent, warningBelowInodesPercent, failureBelowInodesPercent, ...space },
  };
}

/**
 * The forecast is an addition to the fill level: while the points do not carry one it says nothing, neither good nor bad.
 */
function fillingUp(subject: string, space: Space, settings: Settings, past: Past, at: number): DiskVerdict | "too-short" | "off" {
  const { warningFullWithinDays, failureFullWithinDays } = settings;
  if (warningFullWithinDays === 0 && failureFullWithinDays === 0) return "off";
  const trend = fillTrend(past.points(historyField, subject), { at, value: space.availableBytes }, space.totalBytes);
  if (trend.kind === "too-short") return "too-short";
  if (trend.kind === "none") return { code: "filling-up", subject, state: "ok", evidence: { ...space, observedDays: trend.spanDays } };
  const { daysUntilFull, bytesPerDay, spanDays } = trend;
  return {
    code: "filling-up",
    subject,
    state: below(daysUntilFull, warningFullWithinDays, failureFullWithinDays),
    evidence: { daysUntilFull, bytesPerDay, observedDays: spanDays, warningFullWithinDays, failureFullWithinDays, ...space },
  };
}

function notMounted({ mount, state, device, absentSince }: Volume, { reportNotMounted }: Settings): DiskVerdict {
  const evidence: Evidence = { device, absentSinceAtMs: absentSince };
  return { code: "not-mounted", subject: mount, state: state === "absent" && reportNotMounted ? "failure" : "ok", evidence };
}

function below(value: number, warning: number, failure: number): CheckState {
  if (value < failure) return "failure";
  return value < warning ? "warning" : "ok";
}
