import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { antivirusStatus } from "./protocol.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;

export default [
  simulatedCheck<typeof antivirusStatus>({
    check: "antivirus-status",
    version: 1,
    sample(computer, atMs) {
      // New signatures every day at an hour of the computer's own.
      const hour = (computer.seed % 24) * hourMs;
      const signatureAt = Math.floor((atMs - hour) / dayMs) * dayMs + hour;
      return {
        system: "linux",
        resumedAt: null,
        activeCount: 1,
        products: [
          {
            product: "ClamAV",
            state: "active",
            engine: "running",
            realTime: "off",
            signatures: "not-told",
            signatureVersion: `daily ${Math.floor(signatureAt / dayMs) + 7_000}`,
            signatureAt,
            signatureAgeSeconds: Math.round((atMs - signatureAt) / 1_000),
            updates: "running",
            productVersion: "1.4.3",
            engineVersion: "",
            tamperProtection: "unknown",
            lastScanAt: null,
            isBuiltIn: false,
            source: "service",
            problem: "",
          },
        ],
      };
    },
  }),
];
