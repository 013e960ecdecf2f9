/**
 * Growth of each volume's data in 24 hours.
 *
 * 1: 2026-11-21 first version.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, list, series, setting, subject } from "@hauswart/protocol/fields.ts";
import { volumeSelection } from "@hauswart/protocol/volumes.ts";
import { z } from "zod";

export const diskGrowth = defineCheck({
  id: "disk-growth",
  topic: "disks",
  version: 1,
  description: "How much the data on each volume has grown in the last 24 hours.",
  promises: ["MON-13"],
  cycle: { everyMinutes: 5 },
  failuresBeforeFinding: 1,
  sample: z.object({
    volumes: list({
      mount: subject("Where the volume is mounted; the drive letter on Windows."),
      device: fact.text("What is mounted there, as the system calls it: /dev/sda1."),
      fileSystem: fact.text("Kind of file system: ext4, ntfs, apfs."),
      problem: fact.text("Why it could not be measured, for a technician; empty when it was."),
      totalBytes: series.bytes("Size of the volume; null when not measured.").nullable(),
      usedBytes: series.bytes("Space that data takes up; null when not measured.").nullable(),
    }),
    folders: fact
      .rows(
        {
          mount: fact.text("The volume."),
          path: fact.text("A folder; what lies further down counts to it."),
          writtenBytes: fact.bytes("Size of its files that were changed within a day."),
          fileCount: fact.count("How many these are."),
          isPartial: fact.flag("Not everything on the volume could be looked at: there may be more."),
        },
        "Where much was written, on volumes that grow.",
      )
      .optional(),
  }),
  selection: z.object({
    ...volumeSelection,
    foldersFromBytes: setting.bytes(
      5e9,
      "Looks for the folders that most was written to when a volume's data have grown by this within a day; 0 = never.",
    ),
  }),
  judgement: z.object({
    warningAbovePercent: setting.percent(15, "Warning when the data have grown by more than this share of the volume's size in 24 hours."),
    failureAbovePercent: setting.percent(30, "Failure when the data have grown by more than this share of the volume's size in 24 hours."),
    warningAboveBytes: setting.bytes(
      10e9,
      "Warning when the data have grown by more than this in 24 hours; of share and amount, the larger counts.",
    ),
    failureAboveBytes: setting.bytes(
      20e9,
      "Failure when the data have grown by more than this in 24 hours; of share and amount, the larger counts.",
    ),
  }),
  findings: {
    "fast-growth": { description: "The data on a volume have grown unusually fast in 24 hours.", raises: ["warning", "failure"] },
  },
  // Longer than a day: a workstation that was off over the weekend is compared with its last value before.
  history: { fields: ["volumes.usedBytes"], hours: 96, stepMinutes: 120 },
  noData: ["no-volume-fits"],
  onByDefault: true,
});

export default [diskGrowth];
