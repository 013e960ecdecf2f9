/**
 * State of the last backup.
 *
 * 1: 2026-11-22 first version.
 * 2: 2026-11-22 whether the person is away without whom a job does not run.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, list, series, setting, subject } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const backupStatus = defineCheck({
  id: "backup-status",
  topic: "backup",
  version: 2,
  readsFrom: 1,
  description: "Whether the expected backups were made, with success and recently enough.",
  promises: ["MON-12"],
  cycle: { everyMinutes: 15 },
  failuresBeforeFinding: 1,
  sample: z.object({
    jobCount: series.count("Backup jobs that are known on this computer."),
    programs: fact.rows(
      {
        name: fact.text("The backup program."),
        evidence: fact.text("Where traces of it were found."),
        problem: fact.text("Why nothing can be told from them; empty when something can."),
      },
      "Backup programs that were found, whether or not their jobs can be read.",
    ),
    jobs: list({
      name: subject("The job: program and repository, destination or service."),
      program: fact.text("The backup program."),
      evidence: fact.oneOf(
        ["repository", "cache", "service", "log", "event-log", "database", "settings", "file"],
        "What the answer rests on: the repository itself, the program's cache, the result of a systemd service, a log, the Windows event log, the program's database or settings, or a file that the job leaves behind.",
      ),
      result: fact.oneOf(
        ["success", "partial", "failed", "unknown"],
        "How the last run that has ended went. partial: not everything was saved.",
      ),
      lastRunAt: fact.moment("When the last run ended, Unix time in milliseconds; null when not known.").nullable(),
      lastSuccessAt: fact
        .moment("When the last run ended that saved everything, Unix time in milliseconds; null when not known.")
        .nullable(),
      lastPartialAt: fact.moment("When the last run ended that saved a part, Unix time in milliseconds; null when not known.").nullable(),
      runningSince: fact.moment("Since when it has been running, Unix time in milliseconds; null while it does not.").nullable(),
      isThere: fact.flag("Whether its traces are still there; if not, what was last known of it is told."),
      ownerIsAway: fact
        .flag(
          "Whether it runs and can be read only while a person is signed in, who is not: then what was last known of it is told. Left out by agents that do not say.",
        )
        .optional(),
      problem: fact.text("What went wrong, for a technician; empty when nothing did."),
    }),
  }),
  selection: z.object({
    repositories: setting.names([], "Folders of restic and borg repositories on this computer or on a mounted volume."),
    services: setting.names(
      ["restic*", "borg*", "rsnapshot*", "*backup*"],
      "Services of systemd whose run is a backup; * stands for any characters.",
    ),
    files: setting.names([], "Files that a backup job writes when it has ended with success; their time is the backup's."),
    eventRules: setting.names(
      [],
      "Own rules for the Windows event log: name | log | source | ids of success | ids of failure | ids of partial success.",
    ),
    exclude: setting.names(["dpkg-db-backup*"], "Jobs that do not count, by name; * stands for any characters."),
    forgetDays: setting.days(60, "A job whose traces are gone is told of for this long."),
  }),
  judgement: z.object({
    expectedJobs: setting.count(1, "At least so many jobs have to be there.", 100),
    warningHours: setting.hours(26, "Warning when the last backup with success is older than this."),
    failureHours: setting.hours(50, "Failure when the last backup with success is older than this."),
    acceptPartial: setting.flag(false, "A backup that saved only a part counts as one with success."),
    runningHours: setting.hours(24, "Warning when a backup has been running for longer than this; 0 = never."),
  }),
  findings: {
    "too-old": { description: "The last backup with success is too old.", raises: ["warning", "failure"] },
    "run-failed": { description: "The last run of a backup failed, or saved only a part.", raises: ["warning", "failure"] },
    "running-long": {
      description: "A backup has been running for very long, or was broken off and left its lock behind.",
      raises: ["warning"],
    },
    "jobs-missing": { description: "There are fewer backup jobs than expected.", raises: ["failure"] },
  },
  onByDefault: false,
});

export default [backupStatus];
