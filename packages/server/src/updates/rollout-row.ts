/** The row of a rollout, and what the API shows of it. */
import type { AgentRollout } from "@hauswart/protocol/api/agent-releases.ts";
import type { z } from "zod";
import type { RolloutState, Stage } from "./rollout.ts";

export const rolloutColumns = "version, state, stage, started_at, stage_since, failed_devices, ended_devices";

export interface StoredRollout {
  readonly version: string;
  readonly state: RolloutState;
  readonly stage: Stage;
  readonly started_at: Date;
  readonly stage_since: Date;
  readonly failed_devices: number | null;
  readonly ended_devices: number | null;
}

export function presentRollout(row: StoredRollout): z.input<typeof AgentRollout> {
  return {
    version: row.version,
    state: row.state,
    stage: row.stage,
    startedAt: row.started_at.toISOString(),
    stageSince: row.stage_since.toISOString(),
    failedDevices: row.failed_devices,
    endedDevices: row.ended_devices,
  };
}
