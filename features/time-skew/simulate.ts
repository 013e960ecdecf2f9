import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { timeSkew } from "./protocol.ts";

/** Longest pause of systemd-timesyncd between two questions. */
const pollSeconds = 2_048;

export default [
  simulatedCheck<typeof timeSkew>({
    check: "time-skew",
    version: 1,
    sample: (computer, atMs) => ({
      method: "timesyncd",
      synchronised: "yes",
      source: "0.debian.pool.ntp.org",
      sinceSyncSeconds: (Math.floor(atMs / 1_000) + computer.seed) % pollSeconds,
    }),
  }),
];
