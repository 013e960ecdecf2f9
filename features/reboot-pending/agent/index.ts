import { collector, type CollectContext, type Memory } from "@hauswart/agent/collector.ts";
import { clip, textLimit } from "@hauswart/agent/readers/clip.ts";
import type { NoDataCodeOf, PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { rebootPending } from "../protocol.ts";
import type { ReadCauses } from "./causes.ts";

type Check = typeof rebootPending;

/** Loaded when it measures: seldom, and of three systems only one. */
const readers = {
  linux: async () => (await import("./read-causes.linux.ts")).readCauses,
  darwin: async () => (await import("./read-causes.macos.ts")).readCauses,
  win32: async () => (await import("./read-causes.windows.ts")).readCauses,
} satisfies PerSystem<() => Promise<ReadCauses>>;

async function collect(
  { system, os, now }: CollectContext<Check>,
  memory: Memory,
): Promise<Collected<SampleOf<Check>, NoDataCodeOf<Check>>> {
  const causes = await (await readers[system]())(os);
  if (!causes) return { noData: "not-told" };
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
