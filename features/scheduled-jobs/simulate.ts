import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { scheduledJobs } from "./protocol.ts";

const dayMs = 86_400_000;

export default [
  simulatedCheck<typeof scheduledJobs>({
    check: "scheduled-jobs",
    version: 1,
    sample(computer, atMs) {
      // Once a day, at a minute of its own; one computer in fifty has a job that fails on some days.
      const offset = (computer.seed % 1_440) * 60_000;
      const ranAt = Math.floor((atMs - offset) / dayMs) * dayMs + offset;
      const hasFailed = computer.seed % 50 === 3 && Math.floor(ranAt / dayMs) % 7 === 0;
      return {
        jobCount: 1,
        jobs: [
          {
            name: "logrotate.timer",
            scheduler: "systemd-timer",
            state: "waiting",
            result: hasFailed ? "failed" : "success",
            lastRunAt: ranAt,
            lastSuccessAt: hasFailed ? ranAt - dayMs : ranAt,
            runningSince: null,
            watchedSince: Math.floor(computer.bootedAtMs(atMs) / dayMs) * dayMs,
            problem: hasFailed ? "exit-code 1" : "",
          },
        ],
      };
    },
  }),
];
