/** Whether a device's connection is open. Pure. */

/** A process that has not shown life for this long is dead: five missed heartbeats. */
export const processDeadAfterMs = 15_000;

export interface LinkTimes {
  readonly connected_at: Date | null;
  readonly disconnected_at: Date | null;
  /** Last heartbeat of the process that took the device over. */
  readonly process_alive_at: Date | null;
  /** Set when that process ended in an orderly way. */
  readonly process_stopped_at: Date | null;
}

export function isConnected({ connected_at, disconnected_at, process_alive_at, process_stopped_at }: LinkTimes, nowMs: number): boolean {
  if (!connected_at || (disconnected_at && disconnected_at >= connected_at)) return false;
  return process_stopped_at === null && process_alive_at !== null && nowMs - process_alive_at.getTime() < processDeadAfterMs;
}
