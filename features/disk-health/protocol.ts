/**
 * Health of the physical drives.
 *
 * 1: 2026-11-22 first version.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, list, series, setting, subject } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const diskHealth = defineCheck({
  id: "disk-health",
  topic: "disks",
  version: 1,
  description: "What each physical drive says of its own health: predicted failure, bad sectors, wear, temperature.",
  promises: ["MON-5"],
  cycle: { everyMinutes: 60 },
  failuresBeforeFinding: 1,
  sample: z.object({
    environment: fact.oneOf(["physical", "virtual", "container"], "What kind of computer this is, as far as its disks tell."),
    physicalCount: series.count("Physical drives that were found, without removable ones."),
    virtualCount: fact.count("Disks of a virtual computer, which have no health of their own."),
    drives: list({
      drive: subject("Model and serial number."),
      device: fact.text("What the system calls it: /dev/sda."),
      kind: fact.oneOf(["nvme", "ssd", "hard-disk", "emmc", "unknown"], "What kind of drive it is; unknown where it does not tell."),
      firmware: fact.text("Version of its firmware; empty where not known."),
      capacityBytes: fact.bytes("Its size; null where not known.").nullable(),
      state: fact.oneOf(
        ["measured", "asleep", "behind-controller", "unreadable", "missing"],
        "Whether it told of its health. asleep: it was not woken, the values are those of the last time; behind-controller: a RAID controller stands before it and answers for it; missing: it was there before, and no other took its place.",
      ),
      problem: fact.text("Why it told nothing, or less, for a technician; empty when nothing was missing."),
      source: fact.oneOf(["drive", "smartctl", "none"], "Who told: the drive itself, or the program smartctl."),
      prediction: fact.oneOf(
        ["healthy", "failing", "not-told"],
        "What the drive says of its future. failing: it says that it will fail soon, or a value of its own lies beyond its maker's limit.",
      ),
      failingReasons: fact.text("Which of its values lie beyond its maker's limit; empty when none do."),
      isReadOnly: fact.flag("Whether it takes no more data to protect what it holds; null where it does not tell.").nullable(),
      spareThresholdPercent: fact.percent("Below this share of spare blocks the drive itself warns; null where not known.").nullable(),
      warningAtCelsius: fact.number("From this temperature on the drive itself warns; null where not known.").nullable(),
      criticalAtCelsius: fact.number("From this temperature on the drive may stop working; null where not known.").nullable(),
      temperatureCelsius: series.number("Its temperature; null where not known.").nullable(),
      wearPercent: series.percent("Used share of the life that its maker expects, 100 also for more; null where not known.").nullable(),
      availableSparePercent: series.percent("Share of the spare blocks that is left; null where not known.").nullable(),
      reallocatedCount: series.count("Sectors that were given up and replaced; null where not known.").nullable(),
      pendingCount: series.count("Sectors that could not be read and wait to be replaced; null where not known.").nullable(),
      uncorrectableCount: series.count("Sectors that a test of the drive could not read; null where not known.").nullable(),
      mediaErrorCount: series.count("How often data could not be read back as they were written; null where not known.").nullable(),
      transferErrorCount: series
        .count("How often data were damaged on the way between drive and computer; null where not known.")
        .nullable(),
      powerOnSeconds: series.seconds("How long it has been running in its life; null where not known.").nullable(),
    }),
  }),
  selection: z.object({
    exclude: setting.names([], "Never these drives; * stands for any characters, in model, serial number and device."),
    usbDrives: setting.flag(false, "Also drives at USB, as far as they can be asked."),
    useSmartctl: setting.flag(true, "Asks the program smartctl, where it is installed, about drives that do not answer by themselves."),
    forgetMissingDays: setting.days(30, "A drive that is missing is forgotten after this, with what was reported of it."),
  }),
  judgement: z.object({
    reportMissing: setting.flag(true, "Failure when a drive is missing that was there before; otherwise it is unknown."),
    reallocatedWarningCount: setting.count(1, "Warning from this many replaced sectors on; 0 = never.", 1_000_000),
    reallocatedFailureCount: setting.count(100, "Failure from this many replaced sectors on; 0 = never.", 1_000_000),
    unreadableWarningCount: setting.count(
      1,
      "Warning from this many pending or unreadable sectors or media errors on; 0 = never.",
      1_000_000,
    ),
    unreadableFailureCount: setting.count(
      20,
      "Failure from this many pending or unreadable sectors or media errors on; 0 = never.",
      1_000_000,
    ),
    wearWarningPercent: setting.percent(80, "Warning when more than this share of the drive's expected life is used."),
    wearFailurePercent: setting.percent(95, "Failure when more than this share of the drive's expected life is used."),
    hardDiskWarningCelsius: setting.count(55, "Warning when a hard disk is warmer than this; 0 = never.", 150),
    hardDiskFailureCelsius: setting.count(65, "Failure when a hard disk is warmer than this; 0 = never.", 150),
    ssdWarningCelsius: setting.count(
      75,
      "Warning when a solid state drive that names no limit of its own is warmer than this; 0 = never.",
      150,
    ),
    ssdFailureCelsius: setting.count(
      85,
      "Failure when a solid state drive that names no limit of its own is warmer than this; 0 = never.",
      150,
    ),
    growthWarningCount: setting.count(
      1,
      "Warning when a drive's error counters grew by at least this within two weeks; 0 = never.",
      1_000_000,
    ),
    growthFailureCount: setting.count(
      50,
      "Failure when a drive's error counters grew by at least this within two weeks; 0 = never.",
      1_000_000,
    ),
    transferWarningCount: setting.count(
      10,
      "Warning when at least this many transfers were damaged within two weeks; 0 = never.",
      1_000_000,
    ),
  }),
  findings: {
    missing: { description: "A drive that was there before is no longer found.", raises: ["failure"] },
    "predicted-failure": { description: "A drive says that it will fail soon.", raises: ["failure"] },
    "read-only": { description: "A drive takes no more data.", raises: ["failure"] },
    "bad-sectors": { description: "A drive had to replace sectors that went bad.", raises: ["warning", "failure"] },
    "unreadable-data": { description: "A drive could not read data back.", raises: ["warning", "failure"] },
    "errors-growing": { description: "The error counters of a drive grow.", raises: ["warning", "failure"] },
    "worn-out": { description: "A solid state drive has used up most of its expected life.", raises: ["warning", "failure"] },
    "spare-low": { description: "A drive has few spare blocks left.", raises: ["warning", "failure"] },
    "too-hot": { description: "A drive is too warm.", raises: ["warning", "failure"] },
    "transfer-errors": { description: "Data are damaged between drive and computer.", raises: ["warning"] },
  },
  history: {
    fields: [
      "drives.reallocatedCount",
      "drives.pendingCount",
      "drives.uncorrectableCount",
      "drives.mediaErrorCount",
      "drives.transferErrorCount",
    ],
    hours: 14 * 24,
    stepMinutes: 720,
  },
  noData: ["no-disk-answered", "no-disk-found"],
  onByDefault: true,
});

export default [diskHealth];
