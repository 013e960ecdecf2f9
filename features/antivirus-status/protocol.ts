/**
 * Antivirus products: whether they protect, and how old their signatures are.
 *
 * 1: 2026-11-22 first version.
 * 2: 2026-11-22 when the last pause began, and what was outdated then.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, list, series, setting, subject } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const antivirusStatus = defineCheck({
  id: "antivirus-status",
  topic: "antivirus",
  version: 2,
  readsFrom: 1,
  description: "Which antivirus products are installed, whether they protect, and how old their signatures are.",
  promises: ["MON-3", "AV-3", "AV-4"],
  cycle: { everyMinutes: 60 },
  failuresBeforeFinding: 1,
  sample: z.object({
    system: fact.oneOf(["linux", "darwin", "win32"], "The system that the computer runs."),
    resumedAt: fact
      .moment(
        "When measuring went on after a pause of hours, because the computer was off or asleep, Unix time in milliseconds; null before the first pause.",
      )
      .nullable(),
    pausedAt: fact
      .moment(
        "The last measurement before that pause, Unix time in milliseconds; null before the first pause, left out by agents that do not say.",
      )
      .nullable()
      .optional(),
    activeCount: series.count("Products that say that they protect, and whose engine does not contradict."),
    products: list({
      product: subject("The product's name."),
      state: fact.oneOf(
        ["active", "on-demand", "off", "snoozed", "expired", "unknown"],
        "What the product says of itself. on-demand: installed, and an administrator left its service off; expired: its licence has run out.",
      ),
      engine: fact.oneOf(
        ["running", "not-running", "unknown"],
        "Whether the service that does the work runs; unknown where it is not known which service that is.",
      ),
      realTime: fact.oneOf(["on", "off", "unknown"], "Whether files are looked at as soon as they are used."),
      signatures: fact.oneOf(
        ["current", "outdated", "not-told", "irregular", "not-used"],
        "What the product says of its signatures. irregular: their maker publishes new ones at no fixed pace; not-used: it works without.",
      ),
      wasOutdated: fact
        .flag("Whether the product called its signatures outdated already before the last pause; left out by agents that do not say.")
        .optional(),
      signatureVersion: fact.text("Version of the signatures; empty where not known."),
      signatureAt: fact.statedMoment("When the signatures were made, Unix time in milliseconds; null where not known.").nullable(),
      signatureAgeSeconds: series.seconds("Age of the signatures; null where not known.").nullable(),
      updates: fact.oneOf(
        ["running", "not-running", "unknown"],
        "Whether what fetches new signatures runs; unknown where it is not known what that is.",
      ),
      productVersion: fact.text("Version of the product; empty where not known."),
      engineVersion: fact.text("Version of its engine; empty where not known."),
      tamperProtection: fact.oneOf(["on", "off", "unknown"], "Whether the product keeps others from switching it off."),
      lastScanAt: fact
        .moment("When the last scan of the computer ended, Unix time in milliseconds; null where not known, or never.")
        .nullable(),
      isBuiltIn: fact.flag("Whether it comes with the system."),
      source: fact.oneOf(
        ["security-center", "defender", "service", "files"],
        "Where this is known from: Windows Security Center, Microsoft Defender itself, the state of the product's service, or its files.",
      ),
      problem: fact.text("What could not be read, for a technician; empty when nothing was missing."),
    }),
  }),
  selection: z.object({
    exclude: setting.names([], "Never these products; * stands for any characters."),
  }),
  judgement: z.object({
    requiredOnWindows: setting.flag(true, "Failure when no product protects a computer with Windows."),
    requiredOnLinux: setting.flag(false, "Failure when no product protects a computer with Linux."),
    signatureAgeUnit: setting.oneOf(
      ["working-days", "hours"],
      "working-days",
      "Whether the age of the signatures counts in working days of the calendar that holds for the device's site, or in hours.",
    ),
    signatureWarningWorkingDays: setting.count(
      2,
      "Counting in working days: warning when the signatures are older than this; 0 = never. The day on which they were made is not counted.",
      250,
    ),
    signatureFailureWorkingDays: setting.count(
      5,
      "Counting in working days: failure when the signatures are older than this; 0 = never.",
      250,
    ),
    signatureWarningHours: setting.hours(72, "Counting in hours: warning when the signatures are older than this; 0 = never."),
    signatureFailureHours: setting.hours(168, "Counting in hours: failure when the signatures are older than this; 0 = never."),
    pauseToleranceMinutes: setting.minutes(
      120,
      "After a pause the product has this long to fetch new signatures before their age is judged.",
    ),
    requireTamperProtection: setting.flag(false, "Warning when a product says that its tamper protection is off."),
    scanOverdueDays: setting.days(0, "Warning when the last scan ended longer ago than this; 0 = never."),
  }),
  findings: {
    "not-protected": { description: "No antivirus product protects the computer.", raises: ["failure"] },
    "engine-off": {
      description: "A product is installed and does not protect: it is off, its licence has run out, or its engine does not run.",
      raises: ["warning", "failure"],
    },
    "signatures-old": { description: "The signatures of a product are old.", raises: ["warning", "failure"] },
    "updates-off": { description: "What fetches new signatures does not run.", raises: ["warning"] },
    "several-products": { description: "More than one product looks at files at the same time.", raises: ["warning"] },
    "tamper-protection-off": { description: "A product can be switched off by malware.", raises: ["warning"] },
    "scan-overdue": { description: "The computer has not been scanned for long.", raises: ["warning"] },
  },
  needsCalendar: true,
  noData: ["no-systemd"],
  round: {
    localTime: "09:00",
    keeps: { code: "signatures-old", evidence: ["signatureVersion", "signatureAtMs", "ageWorkingDays", "ageHours", "productVersion"] },
  },
  onByDefault: true,
});

export default [antivirusStatus];
