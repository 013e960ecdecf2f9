/**
 * A computer that does not exist. It answers what its state is at any moment, from its seed alone, so that thousands cost little
 * and a restarted simulator goes on where it was. Features turn these answers into the samples of their checks (`simulate.ts`).
 */
import { noise, randomFrom, type Random } from "./random.ts";

export interface SimulatedVolume {
  readonly name: string;
  readonly fileSystem: string;
  readonly totalBytes: number;
  /** Bytes that an unprivileged user can still write. */
  availableBytes(atMs: number): number;
}

export interface SimulatedService {
  readonly name: string;
  readonly displayName: string;
  isRunning(atMs: number): boolean;
}

export interface SimulatedComputer {
  readonly index: number;
  readonly seed: number;
  readonly hostname: string;
  readonly role: "workstation" | "server";
  readonly systemName: string;
  readonly systemVersion: string;
  /** When it was last started, as of this moment. */
  bootedAtMs(atMs: number): number;
  readonly volumes: SimulatedVolume[];
  readonly services: SimulatedService[];
  readonly processors: number;
  readonly memoryBytes: number;
  readonly swapBytes: number;
  /** Percent of all processors, mean of the last cycle. */
  processorPercent(atMs: number): number;
  memoryAvailableBytes(atMs: number): number;
  restartPending(atMs: number): boolean;
  /** When its antivirus signatures were made. */
  signaturesAtMs(atMs: number): number;
  /** Whether the computer has power and network. */
  isOnline(atMs: number): boolean;
  /** What it says when it goes offline at this moment; undefined: it is cut off without a word. */
  goodbye(atMs: number): "shutdown" | "restart" | undefined;
}

const gigabyte = 1e9;
const departments = [
  "EMPFANG",
  "BUCHHALTUNG",
  "LAGER",
  "VERTRIEB",
  "TECHNIK",
  "LEITUNG",
  "EINKAUF",
  "VERSAND",
  "PERSONAL",
  "WERKSTATT",
] as const;
const serverKinds = ["DC", "FILE", "SQL", "MAIL", "APP", "BACKUP"] as const;
const serviceNames = [
  ["cron.service", "Regular background program processing daemon"],
  ["ssh.service", "OpenBSD Secure Shell server"],
  ["systemd-timesyncd.service", "Network Time Synchronization"],
  ["nginx.service", "A high performance web server"],
  ["postgresql.service", "PostgreSQL RDBMS"],
  ["cups.service", "CUPS Scheduler"],
] as const;
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Office hours are busy, nights are not; with noise per minute. */
function workload(seed: number, atMs: number, role: "workstation" | "server"): number {
  const hour = ((atMs / 3_600_000) % 24) + 1;
  const busy = hour > 7 && hour < 18 ? 1 : 0.25;
  const wave = 0.5 + 0.5 * Math.sin((atMs / minuteMs / 37) * 2 * Math.PI + seed);
  return Math.min(1, busy * (role === "server" ? 0.35 : 0.2) * wave + 0.25 * noise(seed, Math.floor(atMs / minuteMs)) * busy + 0.02);
}

function makeVolume(random: Random, name: string, seed: number): SimulatedVolume {
  const totalBytes = random.pick([120, 250, 500, 1_000, 2_000]) * gigabyte;
  const freeShare = random.between(0.25, 0.8);
  const growthPerDay = random.between(0.0002, 0.0015);
  return {
    name,
    fileSystem: "ext4",
    totalBytes,
    availableBytes(atMs) {
      const sawtooth = ((atMs / dayMs + seed) % 30) * growthPerDay;
      const wobble = noise(seed, Math.floor(atMs / (5 * minuteMs))) * 0.002;
      return Math.round((totalBytes * (freeShare - sawtooth - wobble)) / 4_096) * 4_096;
    },
  };
}

const constant = (value: number) => () => value;

/**
 * @param index tells the computers of a fleet apart and seeds them.
 */
export function simulateComputer(index: number, fleetSeed = 1, startedAtMs = Date.now()): SimulatedComputer {
  const seed = (fleetSeed * 1_000_003 + index * 7_919) >>> 0;
  const random = randomFrom(seed);
  const role = index % 6 === 5 ? "server" : "workstation";
  const hostname = role === "server" ? `SRV-${random.pick(serverKinds)}-${index + 1}` : `PC-${random.pick(departments)}-${index + 1}`;
  const signatureHourMs = (seed % 24) * 3_600_000;
  const memoryBytes = random.pick(role === "server" ? [16, 32, 64] : [8, 16, 32]) * 1_073_741_824;
  const volumes = ["/", "/home", "/srv"]
    .slice(0, role === "server" ? 3 : random.whole(1, 2))
    .map((name, at) => makeVolume(random, name, seed + at));
  return {
    index,
    seed,
    hostname,
    role,
    systemName: "Debian GNU/Linux 12 (bookworm)",
    systemVersion: "12",
    bootedAtMs: constant(startedAtMs - random.whole(1, 20) * dayMs),
    volumes,
    services: serviceNames.slice(0, role === "server" ? 6 : 3).map(([name, displayName]) => ({ name, displayName, isRunning: () => true })),
    processors: random.pick([4, 8, 16]),
    memoryBytes,
    swapBytes: 2_147_483_648,
    processorPercent: (atMs) => Math.round(workload(seed, atMs, role) * 1_000) / 10,
    memoryAvailableBytes: (atMs) => Math.round((memoryBytes * (0.75 - 0.4 * workload(seed + 1, atMs, role))) / 4_096) * 4_096,
    restartPending: () => false,
    // New ones every day at an hour of the computer's own.
    signaturesAtMs: (atMs) => Math.floor((atMs - signatureHourMs) / dayMs) * dayMs + signatureHourMs,
    isOnline: () => true,
    goodbye: () => undefined,
  };
}
