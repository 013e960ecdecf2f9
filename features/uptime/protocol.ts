/**
 * Restarts of the computer.
 *
 * 1: 2026-11-21 first version.
 * 2: 2026-11-22 whether a restart is needed is a check of its own: reboot-pending.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, series, setting } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const uptime = defineCheck({
  id: "uptime",
  topic: "availability",
  version: 2,
  description: "When and how the computer was started.",
  promises: [],
  cycle: { everyMinutes: 5 },
  failuresBeforeFinding: 1,
  sample: z.object({
    uptimeSeconds: series.seconds("How long the computer has been running."),
    bootedAt: fact.moment("When it was started, to the second, Unix time in milliseconds."),
    lastRestart: fact.oneOf(
      ["none-seen", "orderly", "unexpected", "undetermined"],
      "How it came to its last restart. none-seen: it has not been restarted since the agent watches it; undetermined: the system left no trace of how it ended before.",
    ),
  }),
  selection: z.object({}),
  judgement: z.object({
    unexpectedRestartDays: setting.days(1, "Warns of an unexpected restart for this long afterwards; 0 = never."),
    longUptimeDays: setting.days(0, "Warning when the computer has been running for longer than this; 0 = never."),
  }),
  findings: {
    "restarted-unexpectedly": {
      description: "The computer was started again without having been shut down: power failure, crash or reset.",
      raises: ["warning"],
    },
    "long-uptime": { description: "The computer has been running for very long without a restart.", raises: ["warning"] },
  },
  onByDefault: true,
});

export default [uptime];
