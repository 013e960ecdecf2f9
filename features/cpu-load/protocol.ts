/**
 * Load of the processors.
 *
 * 1: 2026-11-21 first version.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { entries, fact, series, setting } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const cpuLoad = defineCheck({
  id: "cpu-load",
  topic: "performance",
  version: 1,
  description: "Load of the processors, averaged over the time between two measurements.",
  promises: ["MON-6"],
  cycle: { everyMinutes: 5 },
  failuresBeforeFinding: 3,
  sample: z.object({
    averagePercent: series.percent("Share of all processors' time spent working since the last measurement."),
    peakPercent: series.percent("The highest share within ten seconds in that time."),
    inputOutputWaitPercent: series.percent("Share of time in which processors were idle because they waited for a disk."),
    stolenPercent: series.percent("Share of time that the host of a virtual computer gave to others."),
    pressurePercent: series
      .percent("Share of time in which something waited for a processor (pressure stall information); null where the system does not tell.")
      .nullable(),
    measuredSeconds: series.seconds("How long the time is that these values stand for."),
    processorCount: fact.count("Logical processors."),
    processes: entries(
      {
        name: fact.text("The program's name."),
        processCount: fact.count("How many processes of that name there were."),
        percent: fact.percent("Share of all processors' time that they used."),
      },
      "Programs that used most, when the load was high.",
    ),
  }),
  selection: z.object({
    processesFromPercent: setting.percent(70, "Names the programs that used most when the load reaches this share."),
  }),
  judgement: z.object({
    warningAbovePercent: setting.percent(90, "Warning when the average load is above this share; 100 = never."),
    failureAbovePercent: setting.percent(98, "Failure when the average load is above this share; 100 = never."),
  }),
  findings: {
    high: { description: "The processors have been busy nearly all the time.", raises: ["warning", "failure"] },
  },
  onByDefault: true,
});

export default [cpuLoad];
