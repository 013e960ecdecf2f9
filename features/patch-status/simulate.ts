import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { patchStatus } from "./protocol.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** Updates appear in the night to Wednesday and are installed three days later, on most computers. */
const weekMs = 7 * dayMs;
const packages = [
  ["libc6", "2.36-9+deb12u10", "2.36-9+deb12u13", false],
  ["libssl3", "3.0.15-1~deb12u1", "3.0.17-1~deb12u3", true],
  ["openssl", "3.0.15-1~deb12u1", "3.0.17-1~deb12u3", true],
  ["sudo", "1.9.13p3-1+deb12u1", "1.9.13p3-1+deb12u2", true],
  ["tzdata", "2025a-0+deb12u1", "2025b-0+deb12u2", false],
] as const;

export default [
  simulatedCheck<typeof patchStatus>({
    check: "patch-status",
    version: 1,
    sample(computer, atMs) {
      const week = Math.floor(atMs / weekMs) * weekMs;
      const isBehind = atMs - week < 3 * dayMs && computer.seed % 3 !== 0;
      const rows = isBehind ? packages.slice(0, 1 + (computer.seed % packages.length)) : [];
      return {
        missingCount: rows.length,
        securityCount: rows.filter(([, , , isSecurity]) => isSecurity).length,
        unclassifiedCount: 0,
        heldCount: 0,
        method: "apt",
        listsState: "usable",
        listsAgeSeconds: (atMs % (12 * hourMs)) / 1_000,
        listsRefreshedBy: "schedule",
        securitySource: "present",
        automaticUpdates: "on",
        systemId: "debian",
        systemVersion: computer.systemVersion,
        systemEdition: "",
        updates: rows.map(([name, installedVersion, availableVersion, isSecurity]) => ({
          name,
          installedVersion,
          availableVersion,
          isSecurity,
          severity: "unknown" as const,
          state: "available" as const,
          missingSince: week,
          needsRestart: null,
          source: isSecurity ? "Debian-Security:12/oldstable-security" : "Debian:12/oldstable",
        })),
        sources: ["deb.debian.org bookworm", "deb.debian.org bookworm-security"].map((name) => ({
          name,
          state: "usable" as const,
          problem: "",
        })),
      };
    },
  }),
];
