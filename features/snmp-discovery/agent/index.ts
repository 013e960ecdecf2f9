import { collector, type CollectContext, type Memory } from "@hauswart/agent/collector.ts";
import { clip, textLimit } from "@hauswart/agent/readers/clip.ts";
import { networkOf, type NetworkCalls, type SnmpAccess, type SnmpValue } from "@hauswart/agent/readers/network.ts";
import { snmpAccess } from "@hauswart/agent/readers/snmp-access.ts";
import type { NoDataCodeOf, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { snmpDiscovery } from "../protocol.ts";
import { takeNote } from "./beginnings.ts";
import { hostsOf, unreadableNetwork } from "./addresses.ts";

type Check = typeof snmpDiscovery;
type Sample = SampleOf<Check>;
type Device = Sample["devices"][number];

/** A list in a sample holds this many. */
const deviceLimit = 500;

/** SNMPv2-MIB (RFC 3418): sysDescr, sysName, sysLocation, sysServices. What only printers, power supplies and computers have. */
const questions = [
  "1.3.6.1.2.1.1.1.0",
  "1.3.6.1.2.1.1.5.0",
  "1.3.6.1.2.1.1.6.0",
  "1.3.6.1.2.1.1.7.0",
  "1.3.6.1.2.1.43.5.1.1.1.1",
  "1.3.6.1.2.1.33.1.1.1.0",
  "1.3.6.1.2.1.25.1.1.0",
] as const;
/** Bits of sysServices: forwards frames, forwards packets. */
const forwards = 0x02 | 0x04;

async function collect(
  { selection, os, signal, now }: CollectContext<Check>,
  memory: Memory,
): Promise<Collected<Sample, NoDataCodeOf<Check>>> {
  const access = snmpAccess(selection);
  if (typeof access === "string") return { noData: access };
  const unreadable = unreadableNetwork(selection.networks);
  if (unreadable !== undefined) return { noData: `unreadable-network: ${clip(unreadable, 100)}` };
  const network = await networkOf(os);
  const networks = selection.networks.length > 0 ? selection.networks.map((one) => one.trim()) : network.localNetworks();
  const { addresses, isPartial } = hostsOf(networks);
  if (addresses.length === 0) return { noData: "no-network" };
  const target = { port: selection.portNumber, access, timeoutMs: Math.max(50, selection.answerWithinMs), signal };
  const found = (await Promise.all(addresses.map((address) => ask(network, address, target)))).filter((device) => device !== undefined);
  if (signal.aborted) return { failed: "COLLECT_TIMED_OUT", detail: `search-too-slow: ${addresses.length}` };
  const { firstSeenAt, remembered } = takeNote(
    found.map(({ address }) => address),
    networks,
    memory.kept,
    now(),
  );
  Object.assign(memory.kept, remembered);
  const devices = found
    .slice(0, deviceLimit)
    .map((device): Device => ({ ...device, firstSeenAt: firstSeenAt(device.address) }))
    .sort((one, other) => (one.address < other.address ? -1 : 1));
  return {
    ok: {
      networks: clip([...networks].sort().join(", "), textLimit),
      isPartial: isPartial || found.length > deviceLimit,
      searchedCount: addresses.length,
      devicesCount: found.length,
      devices,
    },
  };
}

interface Target {
  readonly port: number;
  readonly access: SnmpAccess;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Silence is what most addresses answer; a refusal shows that somebody is there who speaks SNMP, but not with us. */
async function ask(network: NetworkCalls, address: string, target: Target): Promise<Omit<Device, "firstSeenAt"> | undefined> {
  try {
    const question = { ...target, target: { address, family: "ipv4" }, retries: 0 } as const;
    const [description, name, place, services, ...marks] = await network.snmp.search(question, (session) => session.get(questions));
    return { address, kind: kindOf(services, marks), name: textOf(name), description: textOf(description), place: textOf(place) };
  } catch (error) {
    if ((error as Error).name === "SnmpError") return undefined;
    throw error;
  }
}

function kindOf(services: SnmpValue | undefined, [printer, powerSupply, computer]: readonly (SnmpValue | undefined)[]): Device["kind"] {
  if (printer) return "printer";
  if (powerSupply) return "power-supply";
  if (services?.kind === "integer" && (services.value & forwards) !== 0) return "network";
  return computer ? "computer" : "other";
}

const textOf = (value: SnmpValue | undefined) =>
  value?.kind === "bytes" ? clip(new TextDecoder().decode(value.value).replaceAll("\0", "").trim(), textLimit) : "";

export default [collector<Check>({ check: "snmp-discovery", version: 1, collect })];
