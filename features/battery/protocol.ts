/**
 * Batteries of portable computers.
 *
 * 1: 2026-11-22 first version.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, list, series, setting, subject } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const battery = defineCheck({
  id: "battery",
  version: 1,
  description: "How much of its capacity each battery still has, how often it was charged, and whether it charges.",
  promises: [],
  cycle: { everyMinutes: 60 },
  failuresBeforeFinding: 2,
  sample: z.object({
    batteryCount: fact.count("Batteries of the computer itself; 0 when it has none."),
    batteries: list({
      name: subject("The battery as the system calls it: BAT0."),
      model: fact.text("Maker and model, as far as it says."),
      designCapacity: fact.text("What it could be charged to when new, with its unit: 57020 mWh, 4382 mAh; empty where it does not say."),
      healthPercent: series
        .percent("Share of the capacity when new that it can still be charged to; null where it does not say.")
        .nullable(),
      chargePercent: series.percent("How full it is; null where it does not say.").nullable(),
      cycleCount: series.count("How often it was charged, counted in whole charges; null where it does not count.").nullable(),
      activity: fact.oneOf(["charging", "discharging", "full", "idle", "not-told"], "What it does. idle: on mains without charging."),
      failed: fact.flag("Whether the battery itself says that it has failed for good."),
    }),
  }),
  selection: z.object({}),
  judgement: z.object({
    warningBelowHealthPercent: setting.percent(
      60,
      "Warning when a battery can be charged to less than this share of its capacity when new.",
    ),
    failureBelowHealthPercent: setting.percent(
      30,
      "Failure when a battery can be charged to less than this share of its capacity when new.",
    ),
  }),
  findings: {
    worn: { description: "A battery has lost much of its capacity, or has failed.", raises: ["warning", "failure"] },
  },
  noData: ["batteries-not-told"],
  onByDefault: true,
});

export default [battery];
