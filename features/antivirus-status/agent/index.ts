import { collector, type CollectContext, type Memory } from "@hauswart/agent/collector.ts";
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import type { NoDataCodeOf, PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { antivirusStatus } from "../protocol.ts";
import type { Product, ReadProducts, Row } from "./product.ts";

type Check = typeof antivirusStatus;

/** Loaded when used: once an hour, and only the system's own. */
const readers = {
  linux: async (os) => (await import("./read-products.linux.ts")).readProducts(os),
  darwin: async (os) => (await import("./read-products.macos.ts")).readProducts(os),
  win32: async (os) => (await import("./read-products.windows.ts")).readProducts(os),
} satisfies PerSystem<ReadProducts>;

const rowLimit = 50;
/** Longer than two cycles without a measurement: the computer was off or asleep. */
const pauseMs = 150 * 60_000;

/** Notes this measurement. @returns when measuring went on after the last pause, if there was one. */
function noteMeasurement({ kept }: Memory, nowMs: number): number | null {
  const { lastAt, resumedAt } = (kept["pauses"] ?? {}) as { lastAt?: unknown; resumedAt?: unknown };
  const wasPaused = typeof lastAt === "number" && nowMs - lastAt > pauseMs;
  const since = wasPaused ? nowMs : typeof resumedAt === "number" && resumedAt <= nowMs ? resumedAt : null;
  kept["pauses"] = { lastAt: nowMs, resumedAt: since };
  return since;
}

/** Sorted by name, each name once: the first one tells most. */
function asRows(products: readonly Product[], nowMs: number): Row[] {
  const byName = new Map<string, Product>();
  for (const product of products) if (!byName.has(product.product)) byName.set(product.product, product);
  return [...byName.values()]
    .sort((one, other) => (one.product < other.product ? -1 : 1))
    .slice(0, rowLimit)
    .map((product) => ({
      ...product,
      signatureAgeSeconds: product.signatureAt === null ? null : Math.max(0, Math.round((nowMs - product.signatureAt) / 1_000)),
    }));
}

async function collect(
  { system, selection, os, now, onlyLook }: CollectContext<Check>,
  memory: Memory,
): Promise<Collected<SampleOf<Check>, NoDataCodeOf<Check>>> {
  const read = await readers[system](os);
  if (!("ok" in read)) return read;
  const nowMs = now();
  const resumedAt = noteMeasurement(onlyLook ? { ...memory, kept: { ...memory.kept } } : memory, nowMs);
  const products = asRows(
    read.ok.filter(({ product }) => !fitsAny(selection.exclude, product)),
    nowMs,
  );
  const activeCount = products.filter(({ state, engine }) => state === "active" && engine !== "not-running").length;
  return { ok: { system, resumedAt, activeCount, products } };
}

export default [collector<Check>({ check: "antivirus-status", version: 1, collect })];
