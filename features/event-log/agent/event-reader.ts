/** How the logs of a system are read. */
import type { Memory } from "@hauswart/agent/collector.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import type { NoDataCodeOf, SelectionOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { CuratedRule } from "../protocol/curated.ts";
import type { OwnRule } from "../protocol/own-rule.ts";
import type { eventLog } from "../protocol.ts";
import type { CuratedFit, EventReading } from "./occurrence.ts";

export type Selection = SelectionOf<typeof eventLog>;

export interface ReadRequest {
  readonly os: Os;
  readonly ownRules: readonly OwnRule[];
  readonly isCurated: boolean;
  /** What the reading before gave; undefined at the first. */
  readonly bookmark: unknown;
  /** Where the first reading begins. Unix time in milliseconds. */
  readonly sinceMs: number;
  readonly nowMs: number;
  readonly memory: Memory;
  readonly signal: AbortSignal;
}

export interface EventReader {
  readonly curated: readonly CuratedFit<CuratedRule>[];
  read(request: ReadRequest): Promise<Collected<EventReading, NoDataCodeOf<typeof eventLog>>>;
}
