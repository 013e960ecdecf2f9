import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { diskHealth } from "./protocol.ts";

const hourMs = 3_600_000;

export default [
  simulatedCheck<typeof diskHealth>({
    check: "disk-health",
    version: 1,
    sample(computer, atMs) {
      const age = (computer.seed % 30_000) + Math.floor(atMs / hourMs) - 490_000;
      const powerOnHours = Math.max(1, age);
      return {
        environment: "physical",
        physicalCount: 1,
        virtualCount: 0,
        drives: [
          {
            drive: `Samsung SSD 980 1TB S64A${String(computer.seed).padStart(10, "0")}`,
            device: "/dev/nvme0",
            kind: "nvme",
            firmware: "3B4QFXO7",
            capacityBytes: computer.volumes[0]?.totalBytes ?? 1e12,
            state: "measured",
            problem: "",
            source: "drive",
            prediction: "healthy",
            failingReasons: "",
            isReadOnly: false,
            spareThresholdPercent: 10,
            warningAtCelsius: 82,
            criticalAtCelsius: 85,
            temperatureCelsius: 34 + Math.round(computer.processorPercent(atMs) / 10),
            wearPercent: Math.min(60, Math.floor(powerOnHours / 1_500)),
            availableSparePercent: 100,
            reallocatedCount: null,
            pendingCount: null,
            uncorrectableCount: null,
            mediaErrorCount: 0,
            transferErrorCount: null,
            powerOnSeconds: powerOnHours * 3_600,
          },
        ],
      };
    },
  }),
];
