import { collector, type CollectContext, type Memory } from "@hauswart/agent/collector.ts";
import type { PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { uptime } from "../protocol.ts";
import { isToBeFoundOut, recordFrom, updateRecord } from "./boot-record.ts";
import type { BootReader } from "./boot.ts";
import { reader as linux } from "./read-boot.linux.ts";
import { reader as darwin } from "./read-boot.macos.ts";
import { reader as win32 } from "./read-boot.windows.ts";

type Check = typeof uptime;

const readers = { linux, darwin, win32 } satisfies PerSystem<BootReader>;

async function collect({ system, os }: CollectContext<Check>, memory: Memory): Promise<Collected<SampleOf<Check>>> {
  const reader = readers[system];
  const boot = await reader.boot(os);
  const before = recordFrom(memory.kept["boot"]);
  const found = isToBeFoundOut(before, boot) ? await reader.howThePreviousRunEnded(os) : undefined;
  const record = updateRecord(before, boot, found);
  memory.kept["boot"] = record;
  return {
    ok: {
      uptimeSeconds: boot.uptimeSeconds,
      bootedAt: record.bootedAt,
      lastRestart: record.lastRestart,
    },
  };
}

export default [collector<Check>({ check: "uptime", version: 2, collect })];
