import { collector, type CollectContext } from "@hauswart/agent/collector.ts";
import type { PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { certificates } from "../protocol.ts";
import { readNamed, toRows, type ReadStores } from "./found-certificate.ts";

type Check = typeof certificates;

/** Loaded when it measures: seldom, and of three systems only one. */
const readers = {
  linux: async () => (await import("./read-stores.linux.ts")).readStores,
  darwin: async () => (await import("./read-stores.macos.ts")).readStores,
  win32: async () => (await import("./read-stores.windows.ts")).readStores,
} satisfies PerSystem<() => Promise<ReadStores>>;
/** Rows that a sample can hold (`list` in packages/protocol/src/fields.ts). */
const rowLimit = 500;

async function collect({ system, os, selection }: CollectContext<Check>): Promise<Collected<SampleOf<Check>>> {
  const found = [...(selection.usualPlaces ? await (await readers[system]())(os) : []), ...(await readNamed(os, selection.paths))];
  const rows = toRows(found, selection);
  if (rows.length > rowLimit)
    return {
      failed: "COLLECT_OUTPUT_TOO_LARGE",
      detail: `too-many-rows: ${rows.length} > ${rowLimit}`,
    };
  return { ok: { certificateCount: rows.length, certificates: rows } };
}

export default [collector<Check>({ check: "certificates", version: 1, collect })];
