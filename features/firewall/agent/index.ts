import { collector, type CollectContext } from "@hauswart/agent/collector.ts";
import type { PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { firewall } from "../protocol.ts";
import type { ReadProfiles } from "./profiles.ts";
import { readProfiles as linux } from "./read-profiles.linux.ts";
import { readProfiles as darwin } from "./read-profiles.macos.ts";
import { readProfiles as win32 } from "./read-profiles.windows.ts";

type Check = typeof firewall;

const readers = { linux, darwin, win32 } satisfies PerSystem<ReadProfiles>;

async function collect({ system, os }: CollectContext<Check>): Promise<Collected<SampleOf<Check>>> {
  return { ok: { profiles: [...(await readers[system](os))] } };
}

export default [collector<Check>({ check: "firewall", version: 1, collect })];
