import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { website } from "./protocol.ts";

const [minuteMs, dayMs] = [60_000, 86_400_000];

export default [
  simulatedCheck<typeof website>({
    check: "website",
    version: 2,
    sample(computer, atMs) {
      const wobble = (computer.seed + Math.floor(atMs / minuteMs) * 7_919) % 101;
      return {
        url: "https://www.example.com/",
        finalUrl: "https://www.example.com/",
        redirectCount: 0,
        outcome: "answered",
        problem: "",
        address: "192.0.2.80",
        status: "200",
        httpVersion: "2",
        certificateProblem: "",
        // Renewed every 60 days.
        certificateValidTo: (Math.floor(atMs / (60 * dayMs)) + 1) * 60 * dayMs + 30 * dayMs,
        certificateSubject: "www.example.com",
        certificateIssuer: "Example CA",
        texts: [],
        dnsMs: 4 + wobble / 20,
        connectMs: 12 + wobble / 10,
        tlsMs: 18 + wobble / 10,
        firstByteMs: 60 + wobble,
        totalMs: 110 + wobble * 1.4,
        bodyBytes: 48_200 + wobble,
      };
    },
  }),
];
