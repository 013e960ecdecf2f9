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

/** The service stops and starts again, `periodMinutes` for one round. */
export function flapService(computer: SimulatedComputer, service: number, periodMinutes: number, startMs: number): void {
  replace(computer.services, service, (old: SimulatedService) => ({
    ...old,
    isRunning: (atMs) => atMs < startMs || Math.floor((atMs - startMs) / (periodMinutes * minuteMs * 0.5)) % 2 === 1,
  }));
}

/** The service is stopped from `startMs` on. */
export function stopService(computer: SimulatedComputer, service: number, startMs: number): void {
  replace(computer.services, service, (old: SimulatedService) => ({ ...old, isRunning: (atMs) => atMs < startMs }));
}

/** No power and no network between the two times. */
export function cutOff(computer: SimulatedComputer, fromMs: number, toMs: number): void {
  const before = computer.isOnline.bind(computer);
  computer.isOnline = (atMs) => (atMs < fromMs || atMs >= toMs) && before(atMs);
}
