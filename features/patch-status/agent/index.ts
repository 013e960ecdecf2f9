import { collector, type CollectContext, type Memory, type Watcher } from "@hauswart/agent/collector.ts";
import { repeatedly } from "@hauswart/agent/readers/repeat.ts";
import { waitAtMost } from "@hauswart/agent/readers/wait-at-most.ts";
import type { NoDataCodeOf, PerSystem } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { patchStatus } from "../protocol.ts";
import { reader as linux } from "./read-updates.linux.ts";
import { reader as darwin } from "./read-updates.macos.ts";
import { reader as win32 } from "./read-updates.windows.ts";
import { rememberedFrom, tell, type Reading, type Sample, type UpdateReader } from "./updates.ts";

type Check = typeof patchStatus;
type Context = CollectContext<Check>;

const readers = { linux, darwin, win32 } satisfies PerSystem<UpdateReader>;
const lookEveryMs = 3_600_000;
/** A measurement has half a minute. What takes longer goes on by itself and is told when it is done. */
const patienceMs = 25_000;

/** Windows may search for minutes. The search goes on when the measurement has to end, and its answer is measured then. */
async function readPatiently({ system, os, now }: Context, { values }: Memory): Promise<Collected<Reading, NoDataCodeOf<Check>>> {
  const underWay = values.get("reading") as Promise<Collected<Reading, NoDataCodeOf<Check>>> | undefined;
  const reading = underWay ?? readers[system].read(os, now());
  values.set("reading", reading);
  const forget = () => void values.delete("reading");
  try {
    const first = await waitAtMost(reading, patienceMs);
    if (first !== "late") {
      forget();
      return first;
    }
  } catch (error) {
    forget();
    throw error;
  }
  // Kept until the next measurement takes it, which is now.
  const tellThem = () => (values.get("changed") as (() => void) | undefined)?.();
  if (!underWay) reading.then(tellThem, tellThem);
  // The answer before is no answer of now, and that there is nothing to measure is not true either.
  return { failed: "COLLECT_TIMED_OUT", detail: "still-searching" };
}

interface LastReading {
  readonly traces: string;
  readonly atMs: number;
  readonly reading: Reading;
}

async function readOrReuse(context: Context, memory: Memory): Promise<Collected<Reading, NoDataCodeOf<Check>>> {
  const { traces: readTraces, reuseForMs } = readers[context.system];
  const traces = await readTraces(context.os).catch(() => "");
  memory.values.set("traces", traces);
  const last = memory.values.get("last") as LastReading | undefined;
  const ageMs = last ? context.now() - last.atMs : -1;
  if (last && traces !== "" && last.traces === traces && ageMs >= 0 && ageMs < reuseForMs) return { ok: last.reading };
  const read = await readPatiently(context, memory);
  if ("ok" in read && reuseForMs > 0) memory.values.set("last", { traces, atMs: context.now(), reading: read.ok } satisfies LastReading);
  return read;
}

async function collect(context: Context, memory: Memory): Promise<Collected<Sample, NoDataCodeOf<Check>>> {
  const { selection, now } = context;
  const read = await readOrReuse(context, memory);
  if (!("ok" in read)) return read;
  const { sample, remembered } = tell(read.ok, rememberedFrom(memory.kept), selection.exclude, now());
  Object.assign(memory.kept, remembered);
  return { ok: sample };
}

/** Looks every hour whether updates were installed or lists fetched: then what was told is out of date. */
async function watch({ system, os }: Omit<Context, "signal">, { values }: Memory, changed: () => void): Promise<Watcher> {
  values.set("changed", changed);
  const looking = repeatedly(lookEveryMs, async () => {
    const before = values.get("traces");
    if (before === undefined) return;
    if ((await readers[system].traces(os)) !== before) changed();
  });
  return {
    stop() {
      values.delete("changed");
      looking.stop();
    },
  };
}

export default [collector<Check>({ check: "patch-status", version: 1, collect, watch })];
