/**
 * When will it be full? The points of the last two weeks are cut into six blocks of equal length; each block counts with its
 * mean. The pace is the median of the paces between all pairs of blocks (the Theil–Sen estimator, Sen 1968), which one jump
 * does not move. It counts as a trend only when nearly all pairs point downwards: deleting and filling up again, or one large
 * copy, is no trend.
 */
import type { Point } from "@hauswart/protocol/check.ts";

const dayMs = 86_400_000;
const blocks = 6;
const pairs = (blocks * (blocks - 1)) / 2;
/** Below these a pace would be a guess. */
const leastSpanDays = 3;
const leastPoints = 12;
/** Pairs of blocks, of 15, that have to point downwards. One step makes 11 at most, two steps 12: large copies are no trend. */
const leastFallingPairs = 13;
/** A fall within the window of less than this share of the volume is breathing. */
const leastFallShare = 0.01;

/** `none`: enough is known, and it is not filling up. `too-short`: nothing can be said yet. */
export type Trend =
  | { readonly kind: "too-short" }
  | { readonly kind: "none"; readonly spanDays: number }
  | { readonly kind: "filling"; readonly spanDays: number; readonly bytesPerDay: number; readonly daysUntilFull: number };

/**
 * @param points available bytes, oldest first, times in Unix milliseconds; those from `now` on are left out.
 * @param now the sample in hand.
 * @param totalBytes size of the volume.
 */
export function fillTrend(points: readonly Point[], now: Point, totalBytes: number): Trend {
  const first = points[0];
  let count = points.length;
  while (count > 0 && points[count - 1]!.at >= now.at) count--;
  if (!first || count + 1 < leastPoints) return { kind: "too-short" };
  const spanDays = (now.at - first.at) / dayMs;
  if (spanDays < leastSpanDays) return { kind: "too-short" };
  // Nearly every volume ends here, so this comes before all reckoning.
  if (first.value - now.value < totalBytes * leastFallShare) return { kind: "none", spanDays };
  const means = blockMeans([...points.slice(0, count), now]);
  if (means.length < blocks) return { kind: "too-short" };
  const paces = pacesBetween(means);
  if (paces.filter((pace) => pace < 0).length < leastFallingPairs) return { kind: "none", spanDays };
  const bytesPerDay = -paces.sort((one, other) => one - other)[(pairs - 1) / 2]!;
  return { kind: "filling", spanDays, bytesPerDay, daysUntilFull: now.value / bytesPerDay };
}

/** Mean time and value of each block; blocks without a point are left out. */
function blockMeans(points: readonly Point[]): Point[] {
  const from = points[0]!.at;
  const length = points.at(-1)!.at - from;
  const sums = Array.from({ length: blocks }, () => ({ at: 0, value: 0, count: 0 }));
  for (const { at, value } of points) {
    const sum = sums[Math.min(blocks - 1, Math.floor(((at - from) / length) * blocks))]!;
    sum.at += at;
    sum.value += value;
    sum.count++;
  }
  return sums.flatMap(({ at, value, count }) => (count > 0 ? [{ at: at / count, value: value / count }] : []));
}

/** Bytes per day between each two blocks. */
function pacesBetween(means: readonly Point[]): number[] {
  return means.flatMap((one, index) => means.slice(index + 1).map((other) => ((other.value - one.value) / (other.at - one.at)) * dayMs));
}
