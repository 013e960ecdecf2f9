import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { networkPing } from "./protocol.ts";

const minuteMs = 60_000;

export default [
  simulatedCheck<typeof networkPing>({
    check: "network-ping",
    version: 1,
    sample(computer, atMs) {
      // A switch in the same building: short, and now and then a packet gets lost.
      const wobble = (computer.seed + Math.floor(atMs / minuteMs) * 7_919) % 97;
      const receivedCount = wobble === 0 ? 4 : 5;
      const roundTripMeanMs = 0.8 + wobble / 100;
      return {
        target: "192.168.0.2",
        address: "192.168.0.2",
        family: "ipv4",
        outcome: "answered",
        sentCount: 5,
        receivedCount,
        lossPercent: (5 - receivedCount) * 20,
        roundTripMeanMs,
        roundTripMinMs: roundTripMeanMs - 0.3,
        roundTripMaxMs: roundTripMeanMs + 1.1,
      };
    },
  }),
];
