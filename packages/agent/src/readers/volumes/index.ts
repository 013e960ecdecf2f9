/** Reads the volumes of whatever system the agent runs on. */
import type { PerSystem, SystemName } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { Memory } from "../../collector.ts";
import type { Os } from "../../os/os.ts";
import { readVolumes as linux } from "./read-volumes.linux.ts";
import { readVolumes as darwin } from "./read-volumes.macos.ts";
import { readVolumes as win32 } from "./read-volumes.windows.ts";
import type { ReadVolumes, VolumeList, VolumeSelection } from "./volume.ts";

const perSystem = { linux, darwin, win32 } satisfies PerSystem<ReadVolumes>;
/** Rows that a sample can hold (`list` in packages/protocol/src/fields.ts). */
const rowLimit = 500;

/** The volumes that the selection means, measured. Remembers in `memory.values` which of them owe an answer. */
export async function readVolumes(system: SystemName, os: Os, selection: VolumeSelection, memory: Memory): Promise<Collected<VolumeList>> {
  const waiting = (memory.values.get("waiting") as Set<string> | undefined) ?? new Set<string>();
  memory.values.set("waiting", waiting);
  const read = await perSystem[system]({ os, selection, waiting });
  if ("ok" in read && read.ok.volumes.length > rowLimit) {
    return {
      failed: "COLLECT_OUTPUT_TOO_LARGE",
      detail: `${read.ok.volumes.length} volumes; at most ${rowLimit} can be watched. Narrow the settings.`,
    };
  }
  return read;
}
