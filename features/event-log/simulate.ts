import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { eventLog } from "./protocol.ts";

const hourMs = 3_600_000;

/** Every thirtieth computer has a program that crashes; one in two hundred a faulty disk. */
export default [
  simulatedCheck<typeof eventLog>({
    check: "event-log",
    version: 1,
    sample(computer, atMs) {
      const hasCrashes = computer.seed % 30 === 7;
      const hasFaultyDisk = computer.seed % 200 === 11;
      const lastAt = Math.floor(atMs / hourMs) * hourMs;
      const row = { isOwn: false, windowMinuteCount: 60, lastAt, eventId: "" };
      return {
        matchedCount: hasCrashes || hasFaultyDisk ? Math.floor(atMs / 300_000) % 3 : 0,
        readCount: 3 + ((computer.seed + Math.floor(atMs / 300_000)) % 9),
        unreadCount: 0,
        problem: "",
        rules: [
          ...(hasFaultyDisk
            ? [
                {
                  ...row,
                  rule: "disk-error",
                  severity: "failure" as const,
                  windowCount: 4,
                  fromCount: 1,
                  raisedAt: lastAt,
                  source: "kernel",
                  texts: "I/O error, dev sda, sector 976773160 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 2",
                },
              ]
            : []),
          ...(hasCrashes
            ? [
                {
                  ...row,
                  rule: "program-crash",
                  severity: "warning" as const,
                  windowCount: 2,
                  fromCount: 5,
                  raisedAt: null,
                  source: "kernel",
                  texts: "scanner[2211]: segfault at 18 ip 00007f12 sp 00007ffd error 4 in libsane.so.1",
                },
              ]
            : []),
        ],
        matches: [],
      };
    },
  }),
];
