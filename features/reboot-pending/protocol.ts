/**
 * A restart that the system waits for.
 *
 * 1: 2026-11-22 first version.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, setting } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const rebootPending = defineCheck({
  id: "reboot-pending",
  topic: "updates",
  version: 1,
  description: "Whether the computer needs a restart, why, and since when.",
  promises: [],
  cycle: { everyMinutes: 60 },
  failuresBeforeFinding: 1,
  sample: z.object({
    pendingSince: fact
      .moment("When the agent first saw that a restart is needed, Unix time in milliseconds; null while none is.")
      .nullable(),
    causes: fact.text(
      "What waits for it, with blanks between: packages, kernel, system-version, windows-update, servicing, file-replacement, computer-name, domain; empty when nothing does.",
    ),
    details: fact.text("What the system says about it: names of packages, the version; empty when it says no more."),
  }),
  selection: z.object({}),
  judgement: z.object({
    warningAfterDays: setting.days(7, "Warning when a restart has been needed for longer than this."),
    failureAfterDays: setting.days(0, "Failure when a restart has been needed for longer than this; 0 = never."),
  }),
  findings: {
    "restart-pending": { description: "The computer has needed a restart for days.", raises: ["warning", "failure"] },
  },
  noData: ["not-told"],
  onByDefault: true,
});

export default [rebootPending];
