import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { backupStatus } from "./protocol.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;

export default [
  simulatedCheck<typeof backupStatus>({
    check: "backup-status",
    version: 2,
    sample(computer, atMs) {
      // Every night between two and four; one computer in forty misses a night now and then.
      const minute = (computer.seed % 120) * 60_000;
      const tonight = Math.floor((atMs - 2 * hourMs - minute) / dayMs) * dayMs + 2 * hourMs + minute;
      const isMissed = computer.seed % 40 === 7 && Math.floor(tonight / dayMs) % 5 === 0;
      const savedAt = isMissed ? tonight - dayMs : tonight;
      return {
        jobCount: 1,
        programs: [{ name: "restic-backup.service", evidence: "systemd", problem: "" }],
        jobs: [
          {
            name: "restic-backup.service",
            program: "restic",
            evidence: "service",
            result: isMissed ? "failed" : "success",
            lastRunAt: tonight,
            lastSuccessAt: savedAt,
            lastPartialAt: null,
            runningSince: null,
            isThere: true,
            problem: isMissed ? "exit-code 1" : "",
          },
        ],
      };
    },
  }),
];
