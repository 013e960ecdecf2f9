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

interface Pause {
  /** The last measurement before it. */
  readonly pausedAt: number | null;
  /** When measuring went on. */
  readonly resumedAt: number | null;
  /** Products that called their signatures outdated before it. */
  readonly outdatedBefore: readonly string[];
}

const namesIn = (value: unknown): string[] => (Array.isArray(value) ? value.filter((name) => typeof name === "string") : []);

/** Notes this measurement. @returns the last pause; moments are null before the first one */
function noteMeasurement({ kept }: Memory, products: readonly Product[], nowMs: number): Pause {
  const { lastAt, outdated, pausedAt, resumedAt, outdatedBefore } = (kept["pauses"] ?? {}) as Readonly<Record<string, unknown>>;
  const momentIn = (value: unknown) => (typeof value === "number" && value <= nowMs ? value : null);
  const wasPaused = typeof lastAt === "number" && nowMs - lastAt > pauseMs;
  const pause: Pause = wasPaused
    ? { pausedAt: lastAt, resumedAt: nowMs, outdatedBefore: namesIn(outdated) }
    : { pausedAt: momentIn(pausedAt), resumedAt: momentIn(resumedAt), outdatedBefore: namesIn(outdatedBefore) };
  const isOutdated = ({ signatures }: Product) => signatures === "outdated";
  kept["pauses"] = { ...pause, lastAt: nowMs, outdated: products.filter(isOutdated).map(({ product }) => product) };
  return pause;
}

/** Sorted by name, each name once: the first one tells most. */
function asRows(products: readonly Product[], { outdatedBefore }: Pause, nowMs: number): Row[] {
  const byName = new Map<string, Product>();
  for (const product of products) if (!byName.has(product.product)) byName.set(product.product, product);
  return [...byName.values()]
    .sort((one, other) => (one.product < other.product ? -1 : 1))
    .slice(0, rowLimit)
    .map((product) => ({
      ...product,
      wasOutdated: outdatedBefore.includes(product.product),
      signatureAgeSeconds: product.signatureAt === null ? null : Math.max(0, Math.round((nowMs - product.signatureAt) / 1_000)),
    }));
}

async function collect(
  { system, selection, os, now }: CollectContext<Check>,
  memory: Memory,
): Promise<Collected<SampleOf<Check>, NoDataCodeOf<Check>>> {
  const read = await readers[system](os);
  if (!("ok" in read)) return read;
  const nowMs = now();
  const chosen = read.ok.filter(({ product }) => !fitsAny(selection.exclude, product));
  const pause = noteMeasurement(memory, chosen, nowMs);
  const products = asRows(chosen, pause, nowMs);
  const activeCount = products.filter(({ state, engine }) => state === "active" && engine !== "not-running").length;
  return { ok: { system, resumedAt: pause.resumedAt, pausedAt: pause.pausedAt, activeCount, products } };
}

export default [collector<Check>({ check: "antivirus-status", version: 2, collect })];
