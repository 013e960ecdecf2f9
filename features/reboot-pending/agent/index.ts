import { collector, type CollectContext, type Memory } from "@hauswart/agent/collector.ts";
import { clip, textLimit } from "@hauswart/agent/readers/clip.ts";
import type { PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { rebootPending } from "../protocol.ts";
import type { ReadCauses } from "./causes.ts";
import { readCauses as linux } from "./read-causes.linux.ts";
import { readCauses as darwin } from "./read-causes.macos.ts";
import { readCauses as win32 } from "./read-causes.windows.ts";

type Check = typeof rebootPending;

const readers = { linux, darwin, win32 } satisfies PerSystem<ReadCauses>;

async function collect({ system, os, now }: CollectContext<Check>, memory: Memory): Promise<Collected<SampleOf<Check>>> {
  const causes = await readers[system](os);
  const before = memory.kept["pendingSince"];
  const pendingSince = causes.length === 0 ? null : typeof before === "number" ? Math.min(before, now()) : now();
  memory.kept["pendingSince"] = pendingSince;
  return {
    ok: {
      pendingSince,
      causes: causes.map(({ cause }) => cause).join(" "),
      details: clip(
        causes
          .map(({ detail }) => detail)
          .filter(Boolean)
          .join(", "),
        textLimit,
      ),
    },
  };
}

export default [collector<Check>({ check: "reboot-pending", version: 1, collect })];
