import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { uptime } from "./protocol.ts";

export default [
  simulatedCheck<typeof uptime>({
    check: "uptime",
    version: 2,
    sample(computer, atMs) {
      return {
        uptimeSeconds: Math.max(0, Math.round((atMs - computer.bootedAtMs(atMs)) / 1_000)),
        bootedAt: Math.floor(computer.bootedAtMs(atMs) / 1_000) * 1_000,
        lastRestart: "none-seen",
      };
    },
  }),
];
