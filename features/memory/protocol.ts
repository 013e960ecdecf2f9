/**
 * Main memory and swap space.
 *
 * 1: 2026-11-21 first version.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { entries, fact, series, setting } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const memory = defineCheck({
  id: "memory",
  topic: "performance",
  version: 1,
  description: "Available memory and swap space, averaged over the time between two measurements.",
  promises: ["MON-6"],
  cycle: { everyMinutes: 5 },
  failuresBeforeFinding: 3,
  sample: z.object({
    totalBytes: fact.bytes("Main memory that the system can use."),
    availableBytes: series.bytes("Memory that programs can still get without swapping, average since the last measurement."),
    lowestAvailableBytes: series.bytes("The least that was available in that time."),
    swapTotalBytes: fact.bytes("Size of swap space or paging file; 0 without."),
    swapUsedBytes: series.bytes("Swap space in use, average since the last measurement."),
    commitLimitBytes: fact.bytes("How much memory the system can promise to programs."),
    commitEnforced: fact.flag("Whether the system refuses to promise more than that."),
    committedBytes: series.bytes("Memory that the system has promised to programs, average since the last measurement."),
    pressurePercent: series
      .percent("Share of time in which something waited for memory (pressure stall information); null where the system does not tell.")
      .nullable(),
    measuredSeconds: series.seconds("How long the time is that these values stand for."),
    processes: entries(
      {
        name: fact.text("The program's name."),
        processCount: fact.count("How many processes of that name there were."),
        residentBytes: fact.bytes("Memory that they held for themselves."),
      },
      "Programs that held most, when memory was short.",
    ),
  }),
  selection: z.object({
    processesBelowPercent: setting.percent(20, "Names the programs that hold most when less than this share of the memory is available."),
  }),
  judgement: z.object({
    warningBelowPercent: setting.percent(10, "Warning when on average less than this share of the memory is available."),
    failureBelowPercent: setting.percent(5, "Failure when on average less than this share of the memory is available."),
    swapWarningAbovePercent: setting.percent(
      80,
      "Warning when more than this share of the swap space is in use while memory is short too; 100 = never.",
    ),
    swapOnlyBelowPercent: setting.percent(
      20,
      "Used swap space counts only while less than this share of the memory is available: idle data in swap space harms nobody.",
    ),
    commitWarningAbovePercent: setting.percent(
      90,
      "Warning when more than this share of what the system can promise is promised, where the system refuses more; 100 = never.",
    ),
  }),
  findings: {
    low: { description: "Little memory is available.", raises: ["warning", "failure"] },
    swap: { description: "Swap space is nearly used up while memory is short.", raises: ["warning"] },
    commit: { description: "The system can hardly promise more memory to programs.", raises: ["warning"] },
  },
  onByDefault: true,
});

export default [memory];
