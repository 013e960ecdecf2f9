/**
 * Encryption of the computer's disks.
 *
 * 1: 2026-11-22 first version.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, list, setting, subject } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const diskEncryption = defineCheck({
  id: "disk-encryption",
  topic: "security",
  version: 1,
  description: "Whether the computer's disks are encrypted, so that a stolen one tells nothing.",
  promises: [],
  cycle: { daily: true },
  failuresBeforeFinding: 2,
  sample: z.object({
    battery: fact.oneOf(["yes", "no", "not-told"], "Whether the computer has a battery, so that it is carried about."),
    volumes: list({
      name: subject("Where the volume is mounted, its drive letter, or its name on macOS."),
      state: fact.oneOf(
        ["encrypted", "suspended", "in-progress", "not-encrypted", "not-told"],
        "suspended: it is encrypted, and its key lies openly beside it; in-progress: it is being encrypted; not-told: the system does not say.",
      ),
      method: fact.text("What encrypts: BitLocker, LUKS, FileVault; empty where nothing does."),
      detail: fact.text("Why it is not known; empty when there is nothing to say."),
    }),
  }),
  selection: z.object({}),
  judgement: z.object({
    require: setting.oneOf(
      ["portable", "everywhere", "nowhere"],
      "portable",
      "Where a volume that is not encrypted is a finding: on computers with a battery, on every computer, or nowhere.",
    ),
    exclude: setting.names([], "Never these volumes."),
  }),
  findings: {
    "not-encrypted": { description: "A volume of a computer that is carried about is not encrypted.", raises: ["warning"] },
  },
  onByDefault: true,
});

export default [diskEncryption];
