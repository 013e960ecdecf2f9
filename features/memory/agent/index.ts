import { collector, type CollectContext, type Memory, type Watcher } from "@hauswart/agent/collector.ts";
import { largestPrograms } from "@hauswart/agent/readers/processes/largest-programs.ts";
import { repeatedly } from "@hauswart/agent/readers/repeat.ts";
import type { PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { memory as memoryCheck } from "../protocol.ts";
import type { MemoryReader } from "./memory-state.ts";
import { MemoryWindow } from "./memory-window.ts";
import { reader as linux } from "./read-memory.linux.ts";
import { reader as darwin } from "./read-memory.macos.ts";
import { reader as win32 } from "./read-memory.windows.ts";

type Check = typeof memoryCheck;
type Context = Omit<CollectContext<Check>, "signal">;

const readers = { linux, darwin, win32 } satisfies PerSystem<MemoryReader>;
/** Each look costs about half a millisecond of processor time. */
const lookEveryMs = 10_000;
/** Over less than this nothing can be said; a measurement that comes so soon waits. */
const leastSpanMs = 1_000;
const namedPrograms = 5;

const windowOf = ({ values }: Memory) => values.get("window") as MemoryWindow | undefined;

const openWindow = async (reader: MemoryReader, { os }: Context) =>
  new MemoryWindow(await reader.state(os), await reader.pressureMicroseconds(os));

async function watch(context: Context, memory: Memory): Promise<Watcher> {
  const reader = readers[context.system];
  const watcher = repeatedly(lookEveryMs, async () => {
    const window = windowOf(memory);
    if (window) window.look(await reader.state(context.os));
    else memory.values.set("window", await openWindow(reader, context));
  });
  return {
    stop() {
      watcher.stop();
      memory.values.delete("window");
    },
  };
}

async function collect(context: CollectContext<Check>, memory: Memory): Promise<Collected<SampleOf<Check>>> {
  const reader = readers[context.system];
  const { os, selection } = context;
  const window = windowOf(memory) ?? (await openWindow(reader, context));
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, window.startMs + leastSpanMs - performance.now())));
  const { totalBytes, swapTotalBytes, commitLimitBytes, ...state } = await reader.state(os);
  window.look({ totalBytes, swapTotalBytes, commitLimitBytes, ...state });
  const average = window.close(await reader.pressureMicroseconds(os));
  const isShort = average.availableBytes < (totalBytes * selection.processesBelowPercent) / 100;
  const programs = isShort ? largestPrograms(await reader.processes(os), namedPrograms) : [];
  const at = context.now();
  return {
    ok: {
      totalBytes,
      swapTotalBytes,
      commitLimitBytes,
      commitEnforced: await reader.isCommitEnforced(os),
      ...average,
      processes: programs.map(({ name, processCount, amount }) => ({ at, name, processCount, residentBytes: amount })),
    },
  };
}

export default [collector<Check>({ check: "memory", version: 1, collect, watch })];
