/** Figures about the server itself, in the text format of Prometheus. Names start with `hauswart_` and end with their unit. */
import { Counter as PromCounter, Gauge as PromGauge, Histogram as PromHistogram, Registry } from "prom-client";

/** Label values, by label name. Never a device, a customer or an address: each value costs a time series for ever. */
export type Labels = Readonly<Record<string, string>>;

export interface MetricOptions {
  /** Without the prefix `hauswart_`; counters end with `_total`, the rest with a unit: `queue_seconds`. */
  readonly name: string;
  /** What it counts, in one sentence. */
  readonly help: string;
  readonly labels?: readonly string[];
}

export interface HistogramOptions extends MetricOptions {
  /** Upper bounds, ascending, in the unit of the name. Default: 5 ms to 30 s, for seconds. */
  readonly buckets?: readonly number[];
}

export interface GaugeOptions extends MetricOptions {
  /** Asked for the value when the figures are read; then `set` is not needed. */
  readonly read?: () => number | Promise<number>;
}

export interface Counter {
  /** Adds one, or `by`. */
  add(by?: number, labels?: Labels): void;
}
export interface Gauge {
  set(value: number, labels?: Labels): void;
}
export interface Histogram {
  observe(value: number, labels?: Labels): void;
}

export interface Metrics {
  /** Asking for the same name again gives the same counter; the same holds for the others. */
  counter(options: MetricOptions): Counter;
  gauge(options: GaugeOptions): Gauge;
  histogram(options: HistogramOptions): Histogram;
  /** All figures, as Prometheus reads them. */
  text(): Promise<string>;
  /** Content type of `text`. */
  readonly contentType: string;
}

const defaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Makes an empty set of figures; one per process, one per test. */
export function makeMetrics(): Metrics {
  const registry = new Registry();
  const known = new Map<string, Counter | Gauge | Histogram>();
  const once = <Kind extends Counter | Gauge | Histogram>(name: string, make: () => Kind): Kind => {
    const found = known.get(name) ?? make();
    known.set(name, found);
    return found as Kind;
  };
  const common = ({ name, help, labels = [] }: MetricOptions) => ({
    name: `hauswart_${name}`,
    help,
    labelNames: [...labels],
    registers: [registry],
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    counter: (options) =>
      once(options.name, () => {
        const counter = new PromCounter(common(options));
        return { add: (by = 1, labels) => (labels ? counter.inc(labels, by) : counter.inc(by)) };
      }),
    gauge: (options) =>
      once(options.name, () => {
        const gauge = new PromGauge(common(options));
        const { read } = options;
        if (read) Object.assign(gauge, { collect: async () => gauge.set(await read()) });
        return { set: (value, labels) => (labels ? gauge.set(labels, value) : gauge.set(value)) };
      }),
    histogram: (options) =>
      once(options.name, () => {
        const histogram = new PromHistogram({ ...common(options), buckets: [...(options.buckets ?? defaultBuckets)] });
        return { observe: (value, labels) => (labels ? histogram.observe(labels, value) : histogram.observe(value)) };
      }),
  };
}
