import { collector, type CollectContext } from "@hauswart/agent/collector.ts";
import type { NoDataCodeOf, PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { timeSkew } from "../protocol.ts";
import type { ReadTimeState } from "./time-state.ts";

type Check = typeof timeSkew;

/** Loaded when it measures: seldom, and of three systems only one. */
const readers = {
  linux: async () => (await import("./read-time-state.linux.ts")).readTimeState,
  darwin: async () => (await import("./read-time-state.macos.ts")).readTimeState,
  win32: async () => (await import("./read-time-state.windows.ts")).readTimeState,
} satisfies PerSystem<() => Promise<ReadTimeState>>;

async function collect({ system, os, now }: CollectContext<Check>): Promise<Collected<SampleOf<Check>, NoDataCodeOf<Check>>> {
  const state = await (await readers[system]())(os, now());
  return state ? { ok: state } : { noData: "not-told" };
}

export default [collector<Check>({ check: "time-skew", version: 1, collect })];
