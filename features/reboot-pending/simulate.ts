import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { rebootPending } from "./protocol.ts";

export default [
  simulatedCheck<typeof rebootPending>({
    check: "reboot-pending",
    version: 1,
    sample(computer, atMs) {
      if (!computer.restartPending(atMs)) return { pendingSince: null, causes: "", details: "" };
      return {
        pendingSince: Math.floor(computer.bootedAtMs(atMs) / 1_000) * 1_000,
        causes: "kernel packages",
        details: "6.1.0-41-amd64, libc6, linux-image-amd64",
      };
    },
  }),
];
