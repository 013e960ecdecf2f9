/**
 * Free space of each volume.
 *
 * 1: 2026-11-21 first version.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, list, series, setting, subject } from "@hauswart/protocol/fields.ts";
import { volumeSelection } from "@hauswart/protocol/volumes.ts";
import { z } from "zod";

export const diskSpace = defineCheck({
  id: "disk-space",
  topic: "disks",
  version: 1,
  description: "Free space of each volume: how much is left, and how long it will last.",
  promises: ["MON-2"],
  cycle: { everyMinutes: 5 },
  failuresBeforeFinding: 1,
  sample: z.object({
    volumes: list({
      mount: subject("Where the volume is mounted; the drive letter on Windows."),
      device: fact.text("What is mounted there, as the system calls it: /dev/sda1."),
      fileSystem: fact.text("Kind of file system: ext4, ntfs, apfs."),
      state: fact.oneOf(
        ["measured", "unreadable", "absent"],
        "Whether the volume was measured, is there but did not answer, or should be there (it was before, or the system's configuration mounts it at start) and is not.",
      ),
      problem: fact.text("Why it could not be measured, for a technician; empty when it was."),
      expected: fact.flag("Whether the system's configuration mounts it at each start."),
      absentSince: fact.moment("When it was first seen to be absent, Unix time in milliseconds; null while it is there.").nullable(),
      totalBytes: series.bytes("Size of the volume; null when not measured.").nullable(),
      availableBytes: series.bytes("What an unprivileged user can still write; null when not measured.").nullable(),
      availableInodesPercent: series
        .percent("Share of the file system's inodes (places for files) that is free; null where their number is not limited or not known.")
        .nullable(),
    }),
  }),
  selection: z.object({
    ...volumeSelection,
    forgetAbsentDays: setting.days(
      7,
      "A volume that was seen and is gone is reported for this long, unless the system's configuration names it; 0 = not at all.",
    ),
  }),
  judgement: z.object({
    warningBelowPercent: setting.percent(10, "Warning when less than this share of the volume is available."),
    failureBelowPercent: setting.percent(5, "Failure when less than this share of the volume is available."),
    warningBelowBytes: setting.bytes(0, "Warning when less than this is available; of share and amount, the larger counts. 0 = no amount."),
    failureBelowBytes: setting.bytes(0, "Failure when less than this is available; of share and amount, the larger counts. 0 = no amount."),
    warningBelowInodesPercent: setting.percent(5, "Warning when less than this share of the inodes is free."),
    failureBelowInodesPercent: setting.percent(1, "Failure when less than this share of the inodes is free."),
    warningFullWithinDays: setting.days(
      14,
      "Warning when the volume will be full within this time at the pace of the last days; 0 = no forecast.",
    ),
    failureFullWithinDays: setting.days(
      3,
      "Failure when the volume will be full within this time at the pace of the last days; 0 = never.",
    ),
    reportNotMounted: setting.flag(true, "Failure when a volume that the system's configuration mounts at start is not there."),
  }),
  findings: {
    "low-space": { description: "Little space is left on a volume.", raises: ["warning", "failure"] },
    "few-inodes": {
      description: "A volume has few inodes left: soon no new file can be made, whatever space is free.",
      raises: ["warning", "failure"],
    },
    "filling-up": { description: "At the pace of the last days a volume will soon be full.", raises: ["warning", "failure"] },
    "not-mounted": { description: "A volume that should be mounted at start is not there.", raises: ["failure"] },
  },
  history: { fields: ["volumes.availableBytes"], hours: 14 * 24, stepMinutes: 360 },
  noData: ["no-volume-fits"],
  onByDefault: true,
});

export default [diskSpace];
