/**
 * How growth is judged; README.md says it in words. Compared are now and the value 24 hours ago; on a device's first day, now and its
 * first value, and the evidence says how many hours that spans. A first value alone is no evidence of growth: unknown.
 */
import type { CheckState, Evidence, Judge, JudgementOf, Past, Point, SampleOf, Verdict } from "@hauswart/protocol/check.ts";
import type { diskGrowth } from "../protocol.ts";

type Sample = SampleOf<typeof diskGrowth>;
type Volume = Sample["volumes"][number];
type Settings = JudgementOf<typeof diskGrowth>;

const historyField = "volumes.usedBytes";
const hourMs = 3_600_000;
const periodHours = 24;

export const judge: Judge<typeof diskGrowth> = ({ sample, settings, past, at }) =>
  sample.volumes.map((volume) => judgeVolume(volume, { sample, settings, past, at }));

interface Judged {
  readonly sample: Sample;
  readonly settings: Settings;
  readonly past: Past;
  readonly at: number;
}

function judgeVolume(volume: Volume, { sample, settings, past, at }: Judged): Verdict<"fast-growth"> {
  const { mount: subject, totalBytes, usedBytes } = volume;
  const code = "fast-growth";
  if (totalBytes === null || usedBytes === null || totalBytes <= 0) {
    return { code, subject, state: "unknown", evidence: { reason: "unreadable", problem: volume.problem, device: volume.device } };
  }
  const warningAboveBytes = limit(totalBytes, settings.warningAbovePercent, settings.warningAboveBytes);
  const failureAboveBytes = limit(totalBytes, settings.failureAbovePercent, settings.failureAboveBytes);
  const limits = { warningAboveBytes, failureAboveBytes };
  const base = baseline(past.points(historyField, subject), at);
  if (!base) return { code, subject, state: "unknown", evidence: { reason: "first-value", usedBytes, totalBytes, ...limits } };

  const grownBytes = usedBytes - base.value;
  const observedHours = (at - base.at) / hourMs;
  const evidence: Evidence = {
    grownBytes,
    grownPercent: (grownBytes / totalBytes) * 100,
    observedHours,
    usedBytes,
    totalBytes,
    ...limits,
    ...foldersOf(sample, subject),
  };
  return { code, subject, state: above(grownBytes, warningAboveBytes, failureAboveBytes), evidence };
}

const namedFolders = 3;

/** folder1, folder1Bytes … as far as the agent names them. */
function foldersOf({ folders = [] }: Sample, mount: string): Evidence {
  const own = folders.filter((folder) => folder.mount === mount).slice(0, namedFolders);
  return Object.fromEntries<string | number | boolean>([
    ...own.flatMap(({ path, writtenBytes }, index): [string, string | number][] => [
      [`folder${index + 1}`, path],
      [`folder${index + 1}Bytes`, writtenBytes],
    ]),
    ...(own.some(({ isPartial }) => isPartial) ? [["foldersPartial", true] as const] : []),
  ]);
}

/** Of share and amount the larger counts; 0 switches one off. */
const limit = (totalBytes: number, percent: number, bytes: number) => Math.max((totalBytes * percent) / 100, bytes);

/**
 * The value 24 hours ago: between two points as if it had changed evenly, unless they lie so far apart that the computer was off
 * between them; then the older one, because nothing was written meanwhile. The oldest point when none is old enough.
 */
function baseline(points: readonly Point[], at: number): Point | undefined {
  const wanted = at - periodHours * hourMs;
  const after = points.findIndex((point) => point.at > wanted);
  const older = points[after === -1 ? points.length - 1 : after - 1];
  const newer = after === -1 || points[after]!.at >= at ? undefined : points[after];
  if (!older) return newer;
  if (!newer || newer.at - older.at > gapMs) return older;
  const share = (wanted - older.at) / (newer.at - older.at);
  return { at: wanted, value: older.value + (newer.value - older.value) * share };
}

/** Points are remembered every two hours; three missing ones are a gap. */
const gapMs = 8 * hourMs;

function above(value: number, warning: number, failure: number): CheckState {
  if (failure > 0 && value > failure) return "failure";
  return warning > 0 && value > warning ? "warning" : "ok";
}
