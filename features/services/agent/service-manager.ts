/** The program that starts and stops services. What each system has to supply: `OpenServiceManager`. */
import type { Watcher } from "@hauswart/agent/collector.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import type { NoDataCodeOf, SampleOf, SelectionOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { services } from "../protocol.ts";

export type Row = SampleOf<typeof services>["services"][number];
export type Selection = SelectionOf<typeof services>;

/** A service as it is now, before the agent's own restarts are told of. */
export type ObservedService = Pick<
  Row,
  "name" | "displayName" | "start" | "watchedAs" | "state" | "stateSince" | "problem" | "ownRestartCount"
>;

export interface RestartResult {
  readonly succeeded: boolean;
  /** What the system said, for a technician; empty when all went well. */
  readonly detail: string;
}

export interface ServiceManager {
  /** The services that the selection means, sorted by name. Throws OsError. */
  read(selection: Selection, nowMs: number): Promise<Collected<readonly ObservedService[], NoDataCodeOf<typeof services>>>;
  /** Starts a service that is down, and waits until it runs or does not, which may take a minute. Never throws for what the system refuses. */
  restart(name: string): Promise<RestartResult>;
  /** Calls `changed` whenever a service that the last reading held changes its state, or any service fails. */
  watch(changed: () => void): Promise<Watcher>;
}

export type OpenServiceManager = (os: Os) => ServiceManager;

/** A service that the settings name and that is not there. @param displayName what people call it; empty where nobody knows */
export const missingService = (name: string, displayName: string): ObservedService => ({
  name,
  displayName,
  start: "unknown",
  watchedAs: "listed",
  state: "missing",
  stateSince: null,
  problem: "",
  ownRestartCount: 0,
});
