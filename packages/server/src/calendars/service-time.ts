/** Promises in service time, where a calendar may have no hours at all. */
import { CalendarError } from "@hauswart/calendar/definition.ts";
import type { WorkingTime } from "@hauswart/calendar/working-time.ts";

/**
 * When a promise in service time is due. Where the service never opens it counts by the clock: what is due too early stands on a list
 * and is seen, what is never due is forgotten. Unix milliseconds.
 */
export function promisedByMs(service: WorkingTime, fromMs: number, serviceMs: number): number {
  try {
    return service.dueMs(fromMs, serviceMs);
  } catch (error) {
    if (error instanceof CalendarError && error.code === "CALENDAR_NEVER_OPEN") return fromMs + serviceMs;
    throw error;
  }
}
