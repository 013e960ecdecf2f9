/**
 * A fleet that does not exist, for developing and testing the console: simulated computers, measured by the features' own
 * simulations and judged by their own judges, so that what the console shows is what the features really say.
 */
import simulatedChecks from "@hauswart/features/registry/simulator.ts";
import type { Device } from "@hauswart/protocol/api/models.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import { signedInAt } from "./signed-in.ts";
import { simulateComputer, type SimulatedComputer } from "@hauswart/simulator/computer.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export interface DoubleDevice {
  readonly device: Device;
  readonly computer: SimulatedComputer;
  /** Checks whose measuring fails, and how. */
  readonly failing: Readonly<Record<string, string>>;
  /** When the newest evidence was taken; undefined: it measures all the time. */
  readonly lastEvidenceMs: number | undefined;
}

interface Place {
  readonly customerId: string;
  readonly customerName: string;
  readonly siteId: string;
  readonly siteName: string;
}

/** What is wrong with a computer, by its index. Everything else is well. */
const troubles: Readonly<Record<number, (computer: SimulatedComputer, nowMs: number) => void>> = {
  5: (computer) => setFree(computer, 1, () => 0.039),
  11: (computer, nowMs) => stopService(computer, 4, nowMs - 50 * minuteMs),
  17: (computer, nowMs) => setFree(computer, 2, (atMs) => 0.2 + ((nowMs - atMs) / dayMs) * 0.08),
  8: (computer) => setFree(computer, 0, () => 0.081),
  14: (computer) => Object.assign(computer, { memoryAvailableBytes: () => computer.memoryBytes * 0.034 }),
  21: (computer) => Object.assign(computer, { restartPending: () => true }),
  23: (computer, nowMs) => stopService(computer, 3, nowMs - 7 * minuteMs),
  26: (computer, nowMs) => Object.assign(computer, { processorPercent: (atMs: number) => (atMs > nowMs - 3 * hourMs ? 99.1 : 34) }),
  33: (computer) => setFree(computer, 0, () => 0.024),
  41: (computer) => Object.assign(computer, { memoryAvailableBytes: () => computer.memoryBytes * 0.082 }),
};

function setFree(computer: SimulatedComputer, index: number, share: (atMs: number) => number): void {
  const at = Math.min(index, computer.volumes.length - 1);
  const volume = computer.volumes[at]!;
  computer.volumes[at] = { ...volume, availableBytes: (atMs) => Math.round(volume.totalBytes * Math.max(0.001, share(atMs))) };
}

function stopService(computer: SimulatedComputer, index: number, sinceMs: number): void {
  const at = Math.min(index, computer.services.length - 1);
  computer.services[at] = { ...computer.services[at]!, isRunning: (atMs) => atMs < sinceMs };
}

type Presence = Device["presence"];

/** How a computer is there, by its index; the others are connected. */
function presenceOf(index: number, nowMs: number, enrolledMs: number): Presence {
  const at = (ms: number) => new Date(ms).toISOString();
  const gone = (state: Presence["state"], ms: number, reason: Presence["reason"]): Presence => ({
    state,
    since: at(ms),
    lastSeenAt: at(ms),
    reason,
  });
  if (index % 13 === 3) return gone("shut-down", nowMs - (2 + index / 8) * hourMs, "shutdown");
  if (index % 17 === 6) return gone("shut-down", nowMs - 40 * minuteMs, "sleep");
  if (index === 29) return gone("silent", nowMs - 3.4 * hourMs, "connection-lost");
  if (index === 37) return gone("silent", nowMs - 16.2 * dayMs, "connection-lost");
  if (index === 58) return { state: "never-connected", since: null, lastSeenAt: null, reason: null };
  return {
    state: "present",
    since: at(Math.max(enrolledMs, nowMs - (index % 9) * dayMs - 3 * hourMs)),
    lastSeenAt: at(nowMs - (index % 50) * 1_000),
    reason: null,
  };
}

const tagsOf = (index: number, role: string): string[] => [
  ...(role === "server" ? ["server"] : []),
  ...(index % 11 === 4 ? ["kasse"] : []),
  ...(index % 9 === 2 ? ["aussendienst", "notebook"] : []),
];
const systems = ["Debian GNU/Linux 12 (bookworm)", "Ubuntu 24.04.3 LTS", "Debian GNU/Linux 13 (trixie)"] as const;

/** @param name replaces the host name: for names that people give, and for those that somebody gives in bad faith. */
export function makeDevice(index: number, place: Place, nowMs: number, name?: string): DoubleDevice {
  const computer = simulateComputer(index, 7, nowMs);
  troubles[index]?.(computer, nowMs);
  const enrolledMs = nowMs - (20 + (index % 60)) * dayMs;
  const presence = presenceOf(index, nowMs, enrolledMs);
  const device: Device = {
    deviceId: newId(enrolledMs),
    ...place,
    name: name ?? computer.hostname,
    hostname: computer.hostname.toLowerCase(),
    kind: "agent",
    role: computer.role,
    system: "linux",
    systemName: systems[index % systems.length]!,
    agentVersion: presence.state === "never-connected" ? "" : "0.1.0",
    tags: tagsOf(index, computer.role),
    lifecycle: index === 44 ? "quarantined" : index === 52 ? "revoked" : "active",
    presence,
    state: "unknown",
    checks: { ok: 0, warning: 0, failure: 0, unknown: 0 },
    openFindings: { warning: 0, failure: 0 },
    dependsOn: null,
    maintenance: null,
    offline: null,
    network:
      presence.state === "never-connected"
        ? { addresses: [], gateways: [] }
        : {
            addresses: [`192.168.${10 + (index % 4)}.${20 + index}`],
            gateways: [{ address: `192.168.${10 + (index % 4)}.1`, card: null }],
          },
    signedIn: signedInAt(index, { role: computer.role, presence }, nowMs),
    clockOffsetMs: index === 19 ? 412_000 : (index % 7) * 11 - 30,
    bootedAt: presence.state === "never-connected" ? null : new Date(computer.bootedAtMs(nowMs)).toISOString(),
    enrolledAt: new Date(enrolledMs).toISOString(),
  };
  const isThere = presence.state === "present" && device.lifecycle === "active";
  return {
    device,
    computer,
    failing:
      index === 47
        ? { services: "COLLECT_PERMISSION_DENIED: org.freedesktop.systemd1" }
        : index === 50
          ? { "disk-space": "COLLECT_TIMED_OUT: /mnt/archiv", "disk-growth": "COLLECT_TIMED_OUT: /mnt/archiv" }
          : {},
    lastEvidenceMs: isThere ? undefined : presence.lastSeenAt === null ? 0 : Date.parse(presence.lastSeenAt),
  };
}

/** A sample of one check of a device at a moment, as its feature simulates it. */
export function sampleOf({ computer }: DoubleDevice, check: string, atMs: number): Record<string, unknown> | undefined {
  return simulatedChecks.find((simulated) => simulated.check === check)?.sample(computer, atMs);
}
