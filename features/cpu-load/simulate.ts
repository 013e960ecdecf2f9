import { noise } from "@hauswart/simulator/random.ts";
import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { cpuLoad } from "./protocol.ts";

const tenths = (value: number) => Math.round(value * 10) / 10;

export default [
  simulatedCheck<typeof cpuLoad>({
    check: "cpu-load",
    version: 1,
    sample(computer, atMs) {
      const averagePercent = tenths(Math.min(100, computer.processorPercent(atMs)));
      const minute = Math.floor(atMs / 60_000);
      return {
        averagePercent,
        peakPercent: tenths(Math.min(100, averagePercent * (1.2 + noise(computer.seed, minute)))),
        inputOutputWaitPercent: tenths(noise(computer.seed + 1, minute) * 2),
        stolenPercent: 0,
        pressurePercent: tenths(averagePercent * 0.05),
        measuredSeconds: 300,
        processorCount: computer.processors,
        processes:
          averagePercent >= 70 ? [{ at: Math.round(atMs), name: "postgres", processCount: 12, percent: tenths(averagePercent * 0.8) }] : [],
      };
    },
  }),
];
