/** What sets the computer's clock. What each system has to supply: `ReadTimeState`. */
import type { Os } from "@hauswart/agent/os/os.ts";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import type { timeSkew } from "../protocol.ts";

export type TimeState = SampleOf<typeof timeSkew>;

/** Throws OsError; undefined where nothing tells. */
export type ReadTimeState = (os: Os, nowMs: number) => Promise<TimeState | undefined>;

/** Seconds since a moment; 0 for one in the future. */
export const secondsSince = (atMs: number, nowMs: number): number => Math.max(0, Math.round((nowMs - atMs) / 1_000));
