/**
 * When a service is down: read by the judge, which reports it, and by the agent, which may restart it without a connection. Both
 * must mean the same.
 */
import type { SampleOf } from "@hauswart/protocol/check.ts";
import type { services } from "../protocol.ts";

type Row = SampleOf<typeof services>["services"][number];

/** Whether the service should run and does not. On its way up or down, it is neither. */
export function isDown({ watchedAs, start, state }: Pick<Row, "watchedAs" | "start" | "state">): boolean {
  if (watchedAs === "failed" || start === "deactivated") return false;
  if (state === "stopped" || state === "failed") return true;
  return watchedAs === "listed" && (state === "skipped" || state === "missing");
}

/** Whether an administrator has deactivated a service that the settings want to run. */
export const isDeactivated = ({ watchedAs, start, state }: Pick<Row, "watchedAs" | "start" | "state">): boolean =>
  watchedAs === "listed" && start === "deactivated" && state !== "running";
