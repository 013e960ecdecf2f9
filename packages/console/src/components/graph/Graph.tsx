/** One series over time: line, band of lowest and highest for hourly values, limits, findings, gaps. Drawn by uPlot. */
import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Limit } from "../../features/feature.ts";
import { writeValue } from "../../features/evidence.ts";
import { useSpeech } from "../../texts/texts.tsx";
import { graphOptions } from "./options.ts";
import { withGaps } from "./points.ts";
import styles from "./Graph.module.css";

/** A finding on the time axis, Unix seconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly severity: "warning" | "failure";
}

export interface GraphSeries {
  readonly label: string;
  readonly unit: string;
  readonly at: readonly number[];
  readonly value: readonly (number | null)[];
  readonly min?: readonly (number | null)[] | undefined;
  readonly max?: readonly (number | null)[] | undefined;
}

interface Props {
  readonly series: GraphSeries;
  /** Unix seconds. */
  readonly from: number;
  readonly to: number;
  /** Distance at which values were meant to be taken. */
  readonly stepSeconds: number;
  readonly limits: readonly Limit[];
  readonly spans: readonly Span[];
}

const height = 220;

export function Graph({ series, from, to, stepSeconds, limits, spans }: Props) {
  const { format, language, texts } = useSpeech();
  const scheme = useComputedColorScheme("light");
  const { ref: frame, width } = useElementSize<HTMLDivElement>();
  const host = useRef<HTMLDivElement>(null);
  const write = useMemo(() => (value: number) => writeValue("", value, format, series.unit), [format, series.unit]);

  useEffect(() => {
    if (!host.current || width === 0) return;
    const hasBand = series.min !== undefined && series.max !== undefined;
    const { at, columns } = withGaps(
      { at: series.at, value: series.value, ...(hasBand ? { min: series.min, max: series.max } : {}) },
      stepSeconds,
    );
    const data = [at, columns["value"]!, ...(hasBand ? [columns["min"]!, columns["max"]!] : [])] as uPlot.AlignedData;
    const plot = new uPlot(
      graphOptions({
        width,
        height,
        label: series.label,
        unit: series.unit,
        hasBand,
        from,
        to,
        limits,
        spans,
        language,
        write,
        values: columns["value"]!,
        labels: { time: texts.device.time, lowest: texts.device.lowest, highest: texts.device.highest },
      }),
      data,
      host.current,
    );
    return () => plot.destroy();
    // The scheme is read from the style sheet when drawing.
  }, [series, from, to, stepSeconds, limits, spans, language, texts, write, width, scheme]);

  const known = series.value.filter((value) => value !== null);
  const summary = known.length === 0 ? series.label : `${series.label}: ${write(Math.min(...known))} – ${write(Math.max(...known))}`;
  return (
    <div className={styles["graph"]} ref={frame} role="img" aria-label={summary}>
      <div ref={host} style={{ minHeight: height + 30 }} />
    </div>
  );
}
