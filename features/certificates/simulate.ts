import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { certificates } from "./protocol.ts";

const dayMs = 86_400_000;
/** Renewed every 60 days, a month before its end. */
const renewedEveryDays = 60;

export default [
  simulatedCheck<typeof certificates>({
    check: "certificates",
    version: 1,
    sample(computer, atMs) {
      if (computer.role === "workstation") return { certificateCount: 0, certificates: [] };
      const day = Math.floor(atMs / dayMs);
      const validFrom = (day - ((day + computer.seed) % renewedEveryDays)) * dayMs;
      const name = `${computer.hostname.toLowerCase()}.example.com`;
      return {
        certificateCount: 1,
        certificates: [
          {
            place: `/etc/letsencrypt/live/${name}/cert.pem`,
            name,
            issuer: "R11",
            validFrom,
            validUntil: validFrom + 90 * dayMs,
            fingerprint: "",
            problem: "",
          },
        ],
      };
    },
  }),
];
