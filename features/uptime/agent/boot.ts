/** What is known of the computer's start. What each system has to supply: `BootReader`. */
import type { Os } from "@hauswart/agent/os/os.ts";

export interface Boot {
  /** Different for each start. */
  readonly id: string;
  /** By the computer's clock, Unix time in milliseconds. */
  readonly bootedAt: number;
  readonly uptimeSeconds: number;
}

/** How the run before this one ended, as far as the system has a record of it. */
export type HowItEnded = "orderly" | "unexpected" | "undetermined";

export interface BootReader {
  boot(os: Os): Promise<Boot>;
  howThePreviousRunEnded(os: Os): Promise<HowItEnded>;
}
