import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { antivirusStatus } from "./protocol.ts";

const dayMs = 86_400_000;

export default [
  simulatedCheck<typeof antivirusStatus>({
    check: "antivirus-status",
    version: 2,
    sample(computer, atMs) {
      const signatureAt = computer.signaturesAtMs(atMs);
      return {
        system: "linux",
        resumedAt: null,
        pausedAt: null,
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
