/** Twenty-four hours on the height of a row, with the limits. Decoration beside the value: the numbers stand in the graph. */
import { pathOf, rangeOf, slicesOf, type Points } from "./points.ts";
import type { Limit } from "../../features/feature.ts";
import styles from "./Sparkline.module.css";

const width = 120;
const height = 20;

interface Props {
  readonly points: Points;
  readonly unit: string;
  /** Unix seconds. */
  readonly from: number;
  readonly to: number;
  readonly stepSeconds: number;
  readonly limits: readonly Limit[];
}

export function Sparkline({ points, unit, from, to, stepSeconds, limits }: Props) {
  const slices = slicesOf(points, from, to, 96, stepSeconds);
  if (slices.every((value) => value === null)) return null;
  const range = rangeOf(
    slices,
    limits.map(({ value }) => value),
    unit,
  );
  const y = (value: number) => height - ((value - range.low) / (range.high - range.low)) * height;
  return (
    <svg className={styles["sparkline"]} width={width} height={height} viewBox={`0 -1 ${width} ${height + 2}`} aria-hidden="true">
      {limits
        .filter(({ value }) => value >= range.low && value <= range.high)
        .map(({ value, severity }) => (
          <line key={severity} data-severity={severity} x1="0" x2={width} y1={y(value)} y2={y(value)} />
        ))}
      <path d={pathOf(slices, range, width, height)} />
    </svg>
  );
}
