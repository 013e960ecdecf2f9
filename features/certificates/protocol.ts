/**
 * Certificates on the computer.
 *
 * 1: 2026-11-22 first version.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, list, setting, subject } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const certificates = defineCheck({
  id: "certificates",
  topic: "security",
  version: 1,
  description: "How long the certificates of the computer's own services are still valid.",
  promises: [],
  cycle: { daily: true },
  failuresBeforeFinding: 1,
  sample: z.object({
    certificateCount: fact.count("Certificates that were found; those that others have replaced do not count."),
    certificates: list({
      place: subject("Where it lies: a file, or a store and the name in it."),
      name: fact.text("For whom it was issued: the first host name, else the common name."),
      issuer: fact.text("Who issued it."),
      validFrom: fact.statedMoment("From when it is valid, Unix time in milliseconds; null when it could not be read.").nullable(),
      validUntil: fact.statedMoment("Until when it is valid, Unix time in milliseconds; null when it could not be read.").nullable(),
      fingerprint: fact.text("SHA-256 of it, hexadecimal; empty when it could not be read."),
      problem: fact.text("Why it could not be read, for a technician; empty when it was."),
    }),
  }),
  selection: z.object({
    usualPlaces: setting.flag(
      true,
      "Looks at the system's own stores and the folders in which web and mail servers usually keep their certificates.",
    ),
    paths: setting.names([], "Also these files, and the files in these folders."),
    exclude: setting.names([], "Never these places; * stands for any characters."),
  }),
  judgement: z.object({
    warningBelowDays: setting.days(
      21,
      "Warning when a certificate is valid for less than this; for short-lived ones a quarter of their life.",
    ),
    failureBelowDays: setting.days(
      7,
      "Failure when a certificate is valid for less than this; for short-lived ones a tenth of their life.",
    ),
    forgetExpiredDays: setting.days(
      90,
      "A certificate that ended longer ago than this is in use by nobody, and is not reported; 0 = always reported.",
    ),
  }),
  findings: {
    expiring: { description: "A certificate is about to end, or has ended.", raises: ["warning", "failure"] },
  },
  onByDefault: true,
});

export default [certificates];
