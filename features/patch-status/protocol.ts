/**
 * Missing updates of the operating system and of what comes through its package manager.
 *
 * 1: 2026-11-22 first version.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, list, series, setting, subject } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const patchStatus = defineCheck({
  id: "patch-status",
  topic: "updates",
  version: 1,
  description: "Updates that are missing, how old that knowledge is, and whether the system still gets any.",
  promises: ["MON-7"],
  cycle: { daily: true },
  failuresBeforeFinding: 1,
  sample: z.object({
    missingCount: series.count("Updates that are missing, held back ones among them."),
    securityCount: series.count("Missing updates that close security holes; those of which the system does not say so are not among them."),
    unclassifiedCount: series.count("Missing updates of which the system does not say whether they close security holes."),
    heldCount: series.count("Missing updates that somebody or the package manager itself holds back."),
    method: fact.oneOf(["apt", "dnf", "zypper", "apk", "windows-update", "softwareupdate"], "Who was asked what is missing."),
    listsState: fact.oneOf(
      ["usable", "never-fetched", "incomplete"],
      "Whether the lists that the answer rests on are there: all, none, or with gaps.",
    ),
    listsAgeSeconds: series
      .seconds("How long ago the lists that the answer rests on were last fetched with success; null when that is not known.")
      .nullable(),
    listsRefreshedBy: fact.oneOf(
      ["schedule", "other", "this-check", "unknown"],
      "Who fetched them: the system's own schedule, somebody else, this check itself by asking the source, or not known.",
    ),
    securitySource: fact.oneOf(
      ["present", "missing", "not-separate"],
      "Whether a source of security updates is set up; not-separate: the system has one source for everything.",
    ),
    automaticUpdates: fact.oneOf(
      ["on", "download-only", "off", "unknown"],
      "Whether the system installs updates by itself, only fetches them, or leaves it to people.",
    ),
    systemId: fact.text("The system as a list of support periods knows it: debian, ubuntu, rhel, windows, windows-server, macos."),
    systemVersion: fact.text("Its version: 12, 24.04, 10.0.22631, 15.7.2."),
    systemEdition: fact.text("Kind of edition where support depends on it: enterprise, long-term, home-pro; empty otherwise."),
    updates: fact.rows(
      {
        name: fact.text("The package, or the title of the update."),
        installedVersion: fact.text("Version that is installed; empty where the system does not say."),
        availableVersion: fact.text("Version that is offered; empty where the system does not say."),
        isSecurity: fact.flag("Whether it closes a security hole; null where the system does not say.").nullable(),
        severity: fact.oneOf(["critical", "important", "moderate", "low", "unknown"], "How grave its maker calls it."),
        state: fact.oneOf(
          ["available", "held", "deferred"],
          "available: would be installed; held: somebody keeps it from being installed; deferred: the package manager does not install it now (phased roll-out, dependencies).",
        ),
        missingSince: fact.moment("Since when the update is known to be missing here, to the hour, Unix time in milliseconds."),
        needsRestart: fact.flag("Whether installing it needs a restart; null where that is not known before.").nullable(),
        source: fact.text("Where it comes from: label and release of the archive, or category."),
      },
      "What is missing, by name; of more than 500 the gravest.",
    ),
    sources: list({
      name: subject("A source of updates."),
      state: fact.oneOf(
        ["usable", "never-fetched", "expired"],
        "expired: its list has passed the end of validity that the source itself wrote into it, so it has not been reached for as long.",
      ),
      problem: fact.text("What is wrong with it, for a technician; empty when nothing is."),
    }),
  }),
  selection: z.object({
    exclude: setting.names([], "Updates that do not count, by name; * stands for any characters."),
  }),
  judgement: z.object({
    securityWarningDays: setting.days(7, "Warning when a security update has been missing for longer than this."),
    securityFailureDays: setting.days(14, "Failure when a security update has been missing for longer than this; 0 = never."),
    otherWarningDays: setting.days(30, "Warning when any other update has been missing for longer than this; 0 = never."),
    listsWarningDays: setting.days(7, "Warning when the lists of updates are older than this; what they say then counts as unknown."),
    supportWarningDays: setting.days(60, "Warning when the system gets no more updates within this time; 0 = only when it has ended."),
    reportSources: setting.flag(true, "Warn of sources of updates that cannot be used."),
    heldCounts: setting.flag(true, "Updates that are held back count as missing."),
  }),
  findings: {
    "security-missing": { description: "Security updates have been missing for days.", raises: ["warning", "failure"] },
    "updates-missing": { description: "Other updates have been missing for weeks.", raises: ["warning"] },
    "lists-old": { description: "The lists of updates are old or were never fetched: nobody knows what is missing.", raises: ["warning"] },
    "source-unusable": { description: "A source of updates cannot be used.", raises: ["warning"] },
    "support-ended": { description: "The system gets no more updates, or soon will not.", raises: ["warning", "failure"] },
  },
  onByDefault: true,
});

export default [patchStatus];
