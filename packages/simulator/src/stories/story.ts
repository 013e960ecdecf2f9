/**
 * Stories: what goes wrong in a simulated fleet, and when. A story changes what its computers answer; everything else (samples,
 * link, buffer) stays as it is in a real agent.
 */
import type { SimulatedComputer, SimulatedService, SimulatedVolume } from "../computer.ts";

export interface Story {
  readonly name: string;
  readonly description: string;
  /** Changes the computers; times count from `startMs`. */
  tell(computers: readonly SimulatedComputer[], startMs: number): void;
}

const minuteMs = 60_000;

function replace<T>(list: T[], index: number, change: (old: T) => T): void {
  list[index] = change(list[index]!);
}

/** The volume loses a share of its size per minute until `floorShare` is left. */
export function fillVolume(
  computer: SimulatedComputer,
  volume: number,
  fromShare: number,
  floorShare: number,
  minutes: number,
  startMs: number,
): void {
  replace(computer.volumes, volume, (old: SimulatedVolume) => ({
    ...old,
    availableBytes(atMs) {
      const share = Math.max(floorShare, fromShare - ((fromShare - floorShare) * Math.max(0, atMs - startMs)) / (minutes * minuteMs));
      return Math.round((old.totalBytes * share) / 4_096) * 4_096;
    },
  }));
}

/** The service stops and starts again, `periodMinutes` for one round, of which it is down for `downMinutes`. */
export function flapService(
  computer: SimulatedComputer,
  service: number,
  periodMinutes: number,
  startMs: number,
  { downMinutes = periodMinutes / 2, endMs = Number.POSITIVE_INFINITY }: { readonly downMinutes?: number; readonly endMs?: number } = {},
): void {
  replace(computer.services, service, (old: SimulatedService) => ({
    ...old,
    isRunning: (atMs) => atMs < startMs || atMs >= endMs || ((atMs - startMs) / minuteMs) % periodMinutes >= downMinutes,
  }));
}

/** The service is stopped between the two times. */
export function stopService(computer: SimulatedComputer, service: number, startMs: number, endMs = Number.POSITIVE_INFINITY): void {
  replace(computer.services, service, (old: SimulatedService) => {
    const before = old.isRunning.bind(old);
    return { ...old, isRunning: (atMs) => (atMs < startMs || atMs >= endMs) && before(atMs) };
  });
}

/** No power and no network between the two times. */
export function cutOff(computer: SimulatedComputer, fromMs: number, toMs: number): void {
  const before = computer.isOnline.bind(computer);
  computer.isOnline = (atMs) => (atMs < fromMs || atMs >= toMs) && before(atMs);
}

/** Goes in order at the first time, and is there again at the second: shut down over night, or restarted. */
export function goBetween(computer: SimulatedComputer, reason: "shutdown" | "restart", fromMs: number, toMs: number): void {
  const goodbye = computer.goodbye.bind(computer);
  const bootedAtMs = computer.bootedAtMs.bind(computer);
  cutOff(computer, fromMs, toMs);
  computer.goodbye = (atMs) => (atMs >= fromMs && atMs < toMs ? reason : goodbye(atMs));
  computer.bootedAtMs = (atMs) => (atMs >= toMs ? Math.max(toMs, bootedAtMs(atMs)) : bootedAtMs(atMs));
}

/** No new antivirus signatures arrive between the two times; afterwards they do as before. */
export function holdSignatures(computer: SimulatedComputer, fromMs: number, toMs: number): void {
  const before = computer.signaturesAtMs.bind(computer);
  computer.signaturesAtMs = (atMs) => before(atMs >= fromMs && atMs < toMs ? fromMs : atMs);
}
