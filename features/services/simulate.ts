import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { services } from "./protocol.ts";

const minuteMs = 60_000;

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
          // To the minute: a simulated service does not remember the second in which it stopped.
          stateSince: isRunning ? null : Math.floor(atMs / (10 * minuteMs)) * 10 * minuteMs,
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
