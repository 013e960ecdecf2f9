/**
 * Synchronisation of the clock.
 *
 * 1: 2026-11-22 first version.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, series, setting } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const timeSkew = defineCheck({
  id: "time-skew",
  version: 1,
  description: "Whether the computer sets its clock by a time source, by which one, and when it last did.",
  promises: [],
  cycle: { everyMinutes: 60 },
  failuresBeforeFinding: 2,
  sample: z.object({
    method: fact.oneOf(
      ["none", "host", "timesyncd", "chrony", "ntpd", "w32time", "timed", "other"],
      "What sets the clock. host: a container uses its host's clock; other: a program that the system does not name; none: nothing does.",
    ),
    synchronised: fact.oneOf(
      ["yes", "no", "not-told", "not-needed"],
      "Whether it has a time source that answers. not-told: the system does not say; not-needed: the clock is somebody else's.",
    ),
    source: fact.text("The time source as the system calls it; empty where it does not say."),
    sinceSyncSeconds: series.seconds("How long ago the clock was last set by the source; null where the system does not say.").nullable(),
  }),
  selection: z.object({}),
  judgement: z.object({
    warningAfterDays: setting.days(10, "Warning when the clock was last set longer ago than this."),
    reportSwitchedOff: setting.flag(true, "Warning when nothing sets the clock."),
  }),
  findings: {
    "switched-off": { description: "Nothing sets the computer's clock.", raises: ["warning"] },
    "not-synchronised": { description: "The computer's clock has not been set by its time source for long.", raises: ["warning"] },
  },
  noData: ["not-told"],
  onByDefault: true,
});

export default [timeSkew];
