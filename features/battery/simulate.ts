import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { battery } from "./protocol.ts";

const dayMs = 86_400_000;

export default [
  simulatedCheck<typeof battery>({
    check: "battery",
    version: 1,
    sample(computer, atMs) {
      // Every third workstation is a portable one.
      if (computer.role === "server" || computer.index % 3 !== 0) return { batteryCount: 0, batteries: [] };
      const ageDays = (computer.seed % 900) + (Math.floor(atMs / dayMs) % 365);
      const isAtWork = ((atMs / 3_600_000) % 24) + 1 < 17;
      return {
        batteryCount: 1,
        batteries: [
          {
            name: "BAT0",
            model: "SMP 5B10W13930",
            designCapacity: "57000 mWh",
            healthPercent: Math.max(62, Math.round((100 - ageDays * 0.025) * 10) / 10),
            chargePercent: isAtWork ? 40 + ((computer.seed + Math.floor(atMs / 3_600_000) * 13) % 55) : 100,
            cycleCount: Math.floor(ageDays * 0.4),
            activity: isAtWork ? "discharging" : "full",
            failed: false,
          },
        ],
      };
    },
  }),
];
