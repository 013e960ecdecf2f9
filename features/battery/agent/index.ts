import { collector, type CollectContext } from "@hauswart/agent/collector.ts";
import type { PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { battery } from "../protocol.ts";
import type { ReadBatteries } from "./battery-state.ts";
import { readBatteries as linux } from "./read-batteries.linux.ts";
import { readBatteries as darwin } from "./read-batteries.macos.ts";
import { readBatteries as win32 } from "./read-batteries.windows.ts";

type Check = typeof battery;

const readers = { linux, darwin, win32 } satisfies PerSystem<ReadBatteries>;
/** More than any computer has; a list has its end. */
const batteryLimit = 16;

async function collect({ system, os }: CollectContext<Check>): Promise<Collected<SampleOf<Check>>> {
  const batteries = await readers[system](os);
  if (!batteries) return { noData: "This system does not know of batteries." };
  return { ok: { batteryCount: batteries.length, batteries: batteries.slice(0, batteryLimit) } };
}

export default [collector<Check>({ check: "battery", version: 1, collect })];
