import { collector, type CollectContext, type Memory, type Watcher } from "@hauswart/agent/collector.ts";
import { repeatedly } from "@hauswart/agent/readers/repeat.ts";
import type { PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { cpuLoad } from "../protocol.ts";
import { busiestPrograms, LoadWindow, type ProcessBaseline } from "./load-window.ts";
import type { ProcessorReader } from "./processor-times.ts";
import { reader as linux } from "./read-processor-times.linux.ts";
import { reader as darwin } from "./read-processor-times.macos.ts";
import { reader as win32 } from "./read-processor-times.windows.ts";

type Check = typeof cpuLoad;
type Context = Omit<CollectContext<Check>, "signal">;

const readers = { linux, darwin, win32 } satisfies PerSystem<ProcessorReader>;
/** Each look costs about half a millisecond of processor time. */
const lookEveryMs = 10_000;
/** Over less than this nothing can be said; a measurement that comes so soon waits. */
const leastSpanMs = 1_000;

const windowOf = ({ values }: Memory) => values.get("window") as LoadWindow | undefined;

const readAll = async (reader: ProcessorReader, { os }: Context): Promise<ProcessBaseline> => {
  const processes = await reader.processes(os);
  return { times: await reader.times(os), processes };
};

/** Looks at the counters, and once per window at the processes, when the load has become high. */
async function look(reader: ProcessorReader, context: Context, memory: Memory): Promise<void> {
  const times = await reader.times(context.os);
  const window = windowOf(memory);
  if (!window) {
    memory.values.set("window", new LoadWindow(times, await reader.pressureMicroseconds(context.os)));
    return;
  }
  const { averagePercent } = window.look(times);
  if (averagePercent >= context.selection.processesFromPercent && !window.baseline) window.baseline = await readAll(reader, context);
}

async function watch(context: Context, memory: Memory): Promise<Watcher> {
  const reader = readers[context.system];
  const watcher = repeatedly(lookEveryMs, () => look(reader, context, memory));
  return {
    stop() {
      watcher.stop();
      memory.values.delete("window");
    },
  };
}

/** For a measurement without a watcher. */
async function openWindow(reader: ProcessorReader, context: CollectContext<Check>): Promise<LoadWindow> {
  const baseline = await readAll(reader, context);
  const window = new LoadWindow(baseline.times, await reader.pressureMicroseconds(context.os));
  window.baseline = baseline;
  return window;
}

async function collect(context: CollectContext<Check>, memory: Memory): Promise<Collected<SampleOf<Check>>> {
  const reader = readers[context.system];
  const window = windowOf(memory) ?? (await openWindow(reader, context));
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, window.startMs + leastSpanMs - performance.now())));
  const last = await reader.times(context.os);
  window.look(last);
  const { baseline } = window;
  const load = window.close(await reader.pressureMicroseconds(context.os));
  const isHigh = load.averagePercent >= context.selection.processesFromPercent;
  const programs = isHigh && baseline && last.atMs > baseline.times.atMs ? busiestPrograms(baseline, await readAll(reader, context)) : [];
  const at = context.now();
  return { ok: { ...load, processorCount: last.processorCount, processes: programs.map((program) => ({ at, ...program })) } };
}

export default [collector<Check>({ check: "cpu-load", version: 1, collect, watch })];
