/** The network as features see it: one door a process, so that all checks together are bounded. */
import { OsError } from "../os.ts";
import type { NetworkCalls } from "./calls.ts";
import { Gate } from "./gate.ts";
import { isConnected, localNetworks, resolve } from "./resolve.ts";

/** So many targets are pinged at a time. */
const echoesAtATime = 32;
/** So many websites are asked at a time; each holds a connection and what is read of a page. */
const websitesAtATime = 4;
/** So many devices are asked by SNMP at a time. */
const snmpDevicesAtATime = 8;
/** So many addresses are searched at a time: some thirty packets a second, which no network notices. */
const snmpSearchesAtATime = 16;

type LoadEcho = () => Promise<{ echo: NetworkCalls["echo"] }>;

let opened: NetworkCalls | undefined;

/** @param loadEcho brings the system's own ICMP echo */
export function openNetwork(loadEcho: LoadEcho): NetworkCalls {
  return (opened ??= networkCalls(loadEcho));
}

function networkCalls(loadEcho: LoadEcho): NetworkCalls {
  const [echoes, websites] = [new Gate(echoesAtATime), new Gate(websitesAtATime)];
  const [devices, searches] = [new Gate(snmpDevicesAtATime), new Gate(snmpSearchesAtATime)];
  return {
    isConnected,
    localNetworks,
    resolve,
    echo: (question) =>
      echoes.enter(async () => {
        const { echo } = await loadEcho().catch((error: unknown) => {
          throw new OsError("COLLECT_UNSUPPORTED", error instanceof Error ? error.message : String(error));
        });
        return echo(question);
      }),
    website: (question) => websites.enter(async () => (await import("./website/ask.ts")).askWebsite(question)),
    snmp: {
      session: (target, work) => devices.enter(async () => (await import("./snmp/session.ts")).withSession(target, work)),
      search: (target, work) => searches.enter(async () => (await import("./snmp/session.ts")).withSession(target, work)),
    },
  };
}
