import { collector, type CollectContext } from "@hauswart/agent/collector.ts";
import { hasBattery } from "@hauswart/agent/readers/batteries/has-battery.ts";
import type { PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { diskEncryption } from "../protocol.ts";
import type { ReadEncryption } from "./encrypted-volume.ts";
import { readEncryption as linux } from "./read-encryption.linux.ts";
import { readEncryption as darwin } from "./read-encryption.macos.ts";
import { readEncryption as win32 } from "./read-encryption.windows.ts";

type Check = typeof diskEncryption;

const readers = { linux, darwin, win32 } satisfies PerSystem<ReadEncryption>;
/** Rows that a sample can hold (`list` in packages/protocol/src/fields.ts). */
const rowLimit = 500;

async function collect({ system, os }: CollectContext<Check>): Promise<Collected<SampleOf<Check>>> {
  const volumes = await readers[system](os);
  if (volumes.length > rowLimit) return { failed: "COLLECT_OUTPUT_TOO_LARGE", detail: `${volumes.length} volumes` };
  const battery = await hasBattery(system, os);
  return {
    ok: {
      battery: battery === undefined ? "not-told" : battery ? "yes" : "no",
      volumes: volumes.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    },
  };
}

export default [collector<Check>({ check: "disk-encryption", version: 1, collect })];
