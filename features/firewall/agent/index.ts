import { collector, type CollectContext } from "@hauswart/agent/collector.ts";
import type { PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { firewall } from "../protocol.ts";
import type { ReadProfiles } from "./profiles.ts";

type Check = typeof firewall;

/** Loaded when it measures: seldom, and of three systems only one. */
const readers = {
  linux: async () => (await import("./read-profiles.linux.ts")).readProfiles,
  darwin: async () => (await import("./read-profiles.macos.ts")).readProfiles,
  win32: async () => (await import("./read-profiles.windows.ts")).readProfiles,
} satisfies PerSystem<() => Promise<ReadProfiles>>;

async function collect({ system, os }: CollectContext<Check>): Promise<Collected<SampleOf<Check>>> {
  return { ok: { profiles: [...(await (await readers[system]())(os))] } };
}

export default [collector<Check>({ check: "firewall", version: 1, collect })];
