/**
 * Entries of the system's logs that somebody should know of.
 *
 * 1: 2026-11-22 first version.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { entries, fact, list, series, setting, subject } from "@hauswart/protocol/fields.ts";
import { z } from "zod";
import { parseOwnRule } from "./protocol/own-rule.ts";

const ownRules = z
  .array(
    z
      .string()
      .min(1)
      .max(512)
      .superRefine((line, context) => {
        const rule = parseOwnRule(line);
        if (typeof rule === "string") context.addIssue({ code: "custom", message: rule });
      }),
  )
  .max(50)
  .default([])
  .describe(
    "Rules of your own, one a line: Name: log=…; source=…; id=1,2; level=error; text=*failed*; count=3; minutes=60; severity=failure. One that is named like a curated rule replaces it.",
  );

export const eventLog = defineCheck({
  id: "event-log",
  version: 1,
  description:
    "Entries of the system's logs that tell of trouble: faulty disks, crashes, failed backups, and what rules of your own look for.",
  promises: ["MON-4"],
  cycle: { everyMinutes: 5 },
  failuresBeforeFinding: 1,
  sample: z.object({
    matchedCount: series.count("Entries since the last sample that fit a rule."),
    readCount: series.count("Entries since the last sample that were compared with the rules."),
    unreadCount: series.count("Entries since the last sample that were only counted, because too many came at once."),
    problem: fact.text("What could not be read, and why; empty when everything could."),
    rules: list({
      rule: subject("The rule: one of the curated ones, or the name of one's own."),
      isOwn: fact.flag("Whether somebody wrote it in the settings."),
      severity: fact.oneOf(["warning", "failure"], "How bad the rule calls it."),
      windowCount: series.count("Entries that fit it within its window; at least so many when entries went unread."),
      windowMinuteCount: fact.count("Its window in minutes."),
      fromCount: fact.count("So many entries within the window are what it raises from."),
      lastAt: fact.moment("When the last entry that fits was written, Unix time in milliseconds."),
      raisedAt: fact.moment("When there were last as many as it raises from, Unix time in milliseconds; null if never.").nullable(),
      source: fact.text("Who wrote the last entry."),
      eventId: fact.text("Its id, where it has one."),
      texts: fact.text("The last texts, one a line, newest first, shortened."),
    }),
    matches: entries(
      {
        rule: fact.text("The rule that it fits."),
        source: fact.text("Who wrote it."),
        eventId: fact.text("Its id, where it has one."),
        text: fact.text("What it says, shortened."),
      },
      "Entries that fit a rule, at most 50 a sample, the newest.",
    ),
  }),
  selection: z.object({
    curated: setting.flag(true, "Apply the curated rules."),
    without: setting.names([], "Curated rules that are not applied; * stands for any characters."),
    exclude: setting.names([], "Never entries of these sources, as SOURCE or SOURCE/ID; * stands for any characters."),
    ownRules,
    lookBackHours: setting.count(24, "How far back the first reading goes, in hours.", 168),
  }),
  judgement: z.object({
    mode: setting.oneOf(["alarm", "report"], "alarm", "alarm: entries that fit raise findings. report: they are only listed."),
    reportOnly: setting.names([], "Rules that are only listed; * stands for any characters."),
    quietMinutes: setting.minutes(1_440, "A finding ends when nothing fitted for this long."),
    warnOfUnread: setting.flag(true, "Warn when so many entries came at once that not all could be compared with the rules."),
  }),
  findings: {
    event: { description: "Entries of a log fit a rule, as often as the rule asks for.", raises: ["warning", "failure"] },
    flood: { description: "So many entries came at once that not all could be compared with the rules.", raises: ["warning"] },
  },
  noData: ["no-journal", "no-such-log", "no-rule"],
  onByDefault: true,
});

export default [eventLog];
