import { collector, type CollectContext } from "@hauswart/agent/collector.ts";
import type { NoDataCodeOf, PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { battery } from "../protocol.ts";
import type { ReadBatteries } from "./battery-state.ts";

type Check = typeof battery;

/** Loaded when it measures: seldom, and of three systems only one. */
const readers = {
  linux: async () => (await import("./read-batteries.linux.ts")).readBatteries,
  darwin: async () => (await import("./read-batteries.macos.ts")).readBatteries,
  win32: async () => (await import("./read-batteries.windows.ts")).readBatteries,
} satisfies PerSystem<() => Promise<ReadBatteries>>;
/** More than any computer has; a list has its end. */
const batteryLimit = 16;

async function collect({ system, os }: CollectContext<Check>): Promise<Collected<SampleOf<Check>, NoDataCodeOf<Check>>> {
  const batteries = await (await readers[system]())(os);
  if (!batteries) return { noData: "batteries-not-told" };
  return { ok: { batteryCount: batteries.length, batteries: batteries.slice(0, batteryLimit) } };
}

export default [collector<Check>({ check: "battery", version: 1, collect })];
