/** How uPlot draws a graph of ours. */
import { locales, type Language } from "@hauswart/protocol/format.ts";
import type uPlot from "uplot";
import type { Limit } from "../../features/feature.ts";
import type { Span } from "./Graph.tsx";
import { rangeOf } from "./points.ts";

interface Question {
  readonly width: number;
  readonly height: number;
  readonly label: string;
  readonly unit: string;
  readonly hasBand: boolean;
  readonly from: number;
  readonly to: number;
  readonly limits: readonly Limit[];
  readonly spans: readonly Span[];
  readonly language: Language;
  readonly write: (value: number) => string;
  readonly values: readonly (number | null)[];
  /** Labels of the legend: the time, and the lowest and highest value of an hour. */
  readonly labels: { readonly time: string; readonly lowest: string; readonly highest: string };
}

const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const showsHours = (seconds: number) => seconds <= 2 * 86_400;

/** Labels of the time axis: times within a day, days beyond. */
function timeLabels(language: Language, seconds: number): (at: number) => string {
  const short = new Intl.DateTimeFormat(
    locales[language],
    showsHours(seconds) ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short" },
  );
  return (at) => short.format(at * 1_000);
}

/** Steps of the time axis in seconds. */
const hourSteps = [60, 300, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200];
const daySteps = [86_400, 172_800, 345_600, 604_800];
/** Steps of the value axis that people can read; bytes go by powers of 1,000 and so need no others. */
const valueSteps = Array.from({ length: 40 }, (_, index) => [1, 2, 2.5, 5].map((step) => step * 10 ** (index - 6))).flat();

/** So few values in view are drawn as points too: a lone one would not be seen. */
const fewPoints = 40;

/** Findings as bands behind the line, limits as dashed lines across. */
function drawMarks(plot: uPlot, limits: readonly Limit[], spans: readonly Span[]): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const { from, to, severity } of spans) {
    const left = plot.valToPos(from, "x", true);
    const right = Math.max(plot.valToPos(to, "x", true), left + 2);
    ctx.globalAlpha = 0.16;
    ctx.fillStyle = token(`--state-${severity}-fill`);
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.globalAlpha = 1;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  for (const { value, severity } of limits) {
    const y = Math.round(plot.valToPos(value, "y", true));
    ctx.strokeStyle = token(`--state-${severity}-fill`);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

/** While nobody points at the graph, its legend tells the newest value. */
function showNewest(plot: uPlot): void {
  const values = plot.data[1] ?? [];
  const newest = values.findLastIndex((value) => value !== null);
  if (newest >= 0) plot.setLegend({ idx: newest }, false);
}

export function graphOptions(question: Question): uPlot.Options {
  const { hasBand, from, to, limits, spans, language, write } = question;
  const accent = token("--accent");
  const axis = {
    stroke: token("--text-dimmed"),
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
    grid: { stroke: token("--line"), width: 1 },
    ticks: { show: false },
  };
  const range = rangeOf(
    question.values,
    limits.map(({ value }) => value),
    question.unit,
  );
  const label = timeLabels(language, to - from);
  const exact = new Intl.DateTimeFormat(locales[language], { dateStyle: "medium", timeStyle: "short" });
  const written: uPlot.Series["value"] = (_, value) => (value === null ? "–" : write(value));
  const edge: uPlot.Series = { stroke: token("--text-dimmed"), width: 0, points: { show: false }, value: written };
  const band: uPlot.Series[] = hasBand
    ? [
        { label: question.labels.lowest, ...edge },
        { label: question.labels.highest, ...edge },
      ]
    : [];
  return {
    width: question.width,
    height: question.height,
    ms: 1e-3,
    cursor: { drag: { x: false, y: false } },
    legend: { markers: { show: false } },
    scales: { x: { range: [from, to] }, y: { range: [range.low, range.high] } },
    axes: [
      { ...axis, space: 70, incrs: showsHours(to - from) ? hourSteps : daySteps, values: (_, splits) => splits.map(label) },
      { ...axis, size: 72, space: 34, incrs: valueSteps, values: (_, splits) => splits.map(write) },
    ],
    series: [
      { label: question.labels.time, value: (_, at) => (at === null ? "–" : exact.format(at * 1_000)) },
      {
        label: question.label,
        stroke: accent,
        width: 1.4,
        points: { show: (_, __, first, last) => last - first < fewPoints, size: 5 },
        spanGaps: false,
        value: written,
      },
      ...band,
    ],
    bands: hasBand ? [{ series: [3, 2], fill: `color-mix(in srgb, ${accent} 18%, transparent)` }] : [],
    hooks: {
      drawClear: [(plot) => drawMarks(plot, limits, spans)],
      ready: [showNewest],
      setCursor: [(plot) => plot.cursor.idx === null && showNewest(plot)],
    },
  };
}
