import type { SimulatedService } from "@hauswart/simulator/computer.ts";
import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { services } from "./protocol.ts";

const minuteMs = 60_000;
/** A simulated service does not remember when it stopped; further back than this nobody looks. */
const looksBackMinutes = 120;

/** To the minute; null when it has been down for longer than can be seen. */
function stoppedAtMs(service: SimulatedService, atMs: number): number | null {
  const thisMinuteMs = Math.floor(atMs / minuteMs) * minuteMs;
  for (let minutes = 0; minutes < looksBackMinutes; minutes++)
    if (service.isRunning(thisMinuteMs - (minutes + 1) * minuteMs)) return thisMinuteMs - minutes * minuteMs;
  return null;
}

export default [
  simulatedCheck<typeof services>({
    check: "services",
    version: 1,
    sample(computer, atMs) {
      const rows = computer.services.map((service) => {
        const isRunning = service.isRunning(atMs);
        return {
          name: service.name,
          displayName: service.displayName,
          start: "automatic" as const,
          watchedAs: "automatic" as const,
          state: isRunning ? ("running" as const) : ("failed" as const),
          stateSince: isRunning ? null : stoppedAtMs(service, atMs),
          problem: isRunning ? "" : "exit-code 1",
          ownRestartCount: 0,
          restart: "off" as const,
          restartsIn24HoursCount: 0,
          restartedAt: null,
        };
      });
      return {
        watchedCount: rows.length,
        runningCount: rows.filter(({ state }) => state === "running").length,
        services: rows,
        restarts: [],
      };
    },
  }),
];
