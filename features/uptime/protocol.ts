/**
 * Restarts of the computer.
 *
 * 1: 2026-11-21 first version.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, series, setting } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const uptime = defineCheck({
  id: "uptime",
  version: 1,
  description: "When and how the computer was started, and whether it needs a restart.",
  promises: [],
  cycle: { everyMinutes: 5 },
  failuresBeforeFinding: 1,
  sample: z.object({
    uptimeSeconds: series.seconds("How long the computer has been running."),
    bootedAt: fact.moment("When it was started, by its own clock, to the second, Unix time in milliseconds."),
    lastRestart: fact.oneOf(
      ["none-seen", "orderly", "unexpected", "undetermined"],
      "How it came to its last restart. none-seen: it has not been restarted since the agent watches it; undetermined: the system left no trace of how it ended before.",
    ),
    restartPending: fact.flag("Whether the system says that it needs a restart."),
    restartPendingSince: fact
      .moment("When the agent first saw that, Unix time in milliseconds; null while no restart is needed.")
      .nullable(),
    restartReasons: fact.text("Why, as far as the system says: packages, a newer kernel; empty while no restart is needed."),
  }),
  selection: z.object({}),
  judgement: z.object({
    unexpectedRestartDays: setting.days(1, "Warns of an unexpected restart for this long afterwards; 0 = never."),
    pendingWarningDays: setting.days(7, "Warning when a restart has been needed for longer than this."),
    longUptimeDays: setting.days(0, "Warning when the computer has been running for longer than this; 0 = never."),
  }),
  findings: {
    "restarted-unexpectedly": {
      description: "The computer was started again without having been shut down: power failure, crash or reset.",
      raises: ["warning"],
    },
    "restart-pending": { description: "The computer has needed a restart for days.", raises: ["warning"] },
    "long-uptime": { description: "The computer has been running for very long without a restart.", raises: ["warning"] },
  },
  onByDefault: true,
});

export default [uptime];
