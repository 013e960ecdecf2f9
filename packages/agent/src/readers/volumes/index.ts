/** Reads the volumes of whatever system the agent runs on. */
import type { PerSystem, SystemName } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { Memory } from "../../collector.ts";
import type { Os } from "../../os/os.ts";
import type { ReadVolumes, VolumeList, VolumeSelection } from "./volume.ts";

/** Of three systems only one is loaded. */
const perSystem = {
  linux: async () => (await import("./read-volumes.linux.ts")).readVolumes,
  darwin: async () => (await import("./read-volumes.macos.ts")).readVolumes,
  win32: async () => (await import("./read-volumes.windows.ts")).readVolumes,
} satisfies PerSystem<() => Promise<ReadVolumes>>;
/** Rows that a sample can hold (`list` in packages/protocol/src/fields.ts). */
const rowLimit = 500;

/** The volumes that the selection means, measured. Remembers in `memory.values` which of them owe an answer. */
export async function readVolumes(system: SystemName, os: Os, selection: VolumeSelection, memory: Memory): Promise<Collected<VolumeList>> {
  const waiting = (memory.values.get("waiting") as Set<string> | undefined) ?? new Set<string>();
  memory.values.set("waiting", waiting);
  const read = await (await perSystem[system]())({ os, selection, waiting });
  if ("ok" in read && read.ok.volumes.length > rowLimit) {
    return {
      failed: "COLLECT_OUTPUT_TOO_LARGE",
      detail: `too-many-rows: ${read.ok.volumes.length} > ${rowLimit}`,
    };
  }
  return read;
}
