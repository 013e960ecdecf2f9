import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { memory } from "./protocol.ts";

export default [
  simulatedCheck<typeof memory>({
    check: "memory",
    version: 1,
    sample(computer, atMs) {
      const availableBytes = computer.memoryAvailableBytes(atMs);
      const usedBytes = computer.memoryBytes - availableBytes;
      return {
        totalBytes: computer.memoryBytes,
        availableBytes,
        lowestAvailableBytes: Math.round((availableBytes * 0.97) / 4_096) * 4_096,
        swapTotalBytes: computer.swapBytes,
        swapUsedBytes: 0,
        commitLimitBytes: computer.swapBytes + computer.memoryBytes / 2,
        commitEnforced: false,
        committedBytes: Math.round((usedBytes * 1.1) / 4_096) * 4_096,
        pressurePercent: 0,
        measuredSeconds: 300,
        processes: [],
      };
    },
  }),
];
