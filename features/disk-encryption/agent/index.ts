import { collector, type CollectContext } from "@hauswart/agent/collector.ts";
import { hasBattery } from "@hauswart/agent/readers/batteries/has-battery.ts";
import type { PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { diskEncryption } from "../protocol.ts";
import type { ReadEncryption } from "./encrypted-volume.ts";

type Check = typeof diskEncryption;

/** Loaded when it measures: seldom, and of three systems only one. */
const readers = {
  linux: async () => (await import("./read-encryption.linux.ts")).readEncryption,
  darwin: async () => (await import("./read-encryption.macos.ts")).readEncryption,
  win32: async () => (await import("./read-encryption.windows.ts")).readEncryption,
} satisfies PerSystem<() => Promise<ReadEncryption>>;
/** Rows that a sample can hold (`list` in packages/protocol/src/fields.ts). */
const rowLimit = 500;

async function collect({ system, os }: CollectContext<Check>): Promise<Collected<SampleOf<Check>>> {
  const volumes = await (await readers[system]())(os);
  if (volumes.length > rowLimit) return { failed: "COLLECT_OUTPUT_TOO_LARGE", detail: `too-many-rows: ${volumes.length} > ${rowLimit}` };
  const battery = await hasBattery(system, os);
  return {
    ok: {
      battery: battery === undefined ? "not-told" : battery ? "yes" : "no",
      volumes: volumes.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    },
  };
}

export default [collector<Check>({ check: "disk-encryption", version: 1, collect })];
