import { collector, type CollectContext } from "@hauswart/agent/collector.ts";
import type { PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { certificates } from "../protocol.ts";
import { readNamed, toRows, type ReadStores } from "./found-certificate.ts";
import { readStores as linux } from "./read-stores.linux.ts";
import { readStores as darwin } from "./read-stores.macos.ts";
import { readStores as win32 } from "./read-stores.windows.ts";

type Check = typeof certificates;

const readers = { linux, darwin, win32 } satisfies PerSystem<ReadStores>;
/** Rows that a sample can hold (`list` in packages/protocol/src/fields.ts). */
const rowLimit = 500;

async function collect({ system, os, selection }: CollectContext<Check>): Promise<Collected<SampleOf<Check>>> {
  const found = [...(selection.usualPlaces ? await readers[system](os) : []), ...(await readNamed(os, selection.paths))];
  const rows = toRows(found, selection);
  if (rows.length > rowLimit)
    return {
      failed: "COLLECT_OUTPUT_TOO_LARGE",
      detail: `${rows.length} certificates; at most ${rowLimit} can be watched. Narrow the settings.`,
    };
  return { ok: { certificateCount: rows.length, certificates: rows } };
}

export default [collector<Check>({ check: "certificates", version: 1, collect })];
