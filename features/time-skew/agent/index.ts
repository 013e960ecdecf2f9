import { collector, type CollectContext } from "@hauswart/agent/collector.ts";
import type { PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { timeSkew } from "../protocol.ts";
import { readTimeState as linux } from "./read-time-state.linux.ts";
import { readTimeState as darwin } from "./read-time-state.macos.ts";
import { readTimeState as win32 } from "./read-time-state.windows.ts";
import type { ReadTimeState } from "./time-state.ts";

type Check = typeof timeSkew;

const readers = { linux, darwin, win32 } satisfies PerSystem<ReadTimeState>;

async function collect({ system, os, now }: CollectContext<Check>): Promise<Collected<SampleOf<Check>>> {
  const state = await readers[system](os, now());
  return state ? { ok: state } : { noData: "Nothing here tells whether the clock is synchronised." };
}

export default [collector<Check>({ check: "time-skew", version: 1, collect })];
