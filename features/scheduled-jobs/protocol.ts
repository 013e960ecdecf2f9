/**
 * Jobs that the system starts at set times.
 *
 * 1: 2026-11-22 first version.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, list, series, setting, subject } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const scheduledJobs = defineCheck({
  id: "scheduled-jobs",
  version: 1,
  description: "Chosen jobs that the system starts at set times did run, with success and recently enough.",
  promises: [],
  cycle: { everyMinutes: 15 },
  failuresBeforeFinding: 1,
  sample: z.object({
    jobCount: series.count("Jobs that are looked at."),
    jobs: list({
      name: subject("The job as its scheduler knows it: backup.timer, \\Company\\Nightly, com.example.sync, cron: and the command."),
      scheduler: fact.oneOf(["systemd-timer", "task-scheduler", "launchd", "cron"], "Who starts it."),
      state: fact.oneOf(
        ["waiting", "running", "inactive", "missing"],
        "inactive: it is there and will not be started; missing: there is no such job.",
      ),
      result: fact.oneOf(
        ["success", "failed", "started", "never", "unknown"],
        "How its last run ended. started: the scheduler tells only that it was started; never: it has not run yet as far as is known.",
      ),
      lastRunAt: fact
        .moment("When its last run ended, or began where only that is known, Unix time in milliseconds; null when not known.")
        .nullable(),
      lastSuccessAt: fact
        .moment(
          "When its last run with success ended; where only starts are known, the last start. Unix time in milliseconds; null when not known.",
        )
        .nullable(),
      runningSince: fact.moment("Since when it has been running, Unix time in milliseconds; null while it does not.").nullable(),
      watchedSince: fact.moment("Since when the agent has looked at it, Unix time in milliseconds."),
      problem: fact.text("What went wrong, for a technician: exit-code 1; empty when nothing did."),
    }),
  }),
  selection: z.object({
    jobs: setting.names(
      [],
      "Timers of systemd, tasks of Windows with their path, labels of launchd; * stands for any characters. A name without * must exist.",
    ),
    cronCommands: setting.names([], "Commands of cron; * stands for any characters."),
  }),
  judgement: z.object({
    successWithinHours: setting.hours(26, "Failure when the last run with success is longer ago than this."),
    runningHours: setting.hours(12, "Warning when a job has been running for longer than this; 0 = never."),
    reportInactive: setting.flag(true, "Warning when a job is there and will not be started."),
  }),
  findings: {
    "job-failed": { description: "The last run of a job failed.", raises: ["failure"] },
    "job-overdue": { description: "A job has not run with success for too long.", raises: ["failure"] },
    "job-running-long": { description: "A job has been running for very long.", raises: ["warning"] },
    "job-not-scheduled": { description: "A job does not exist, or will not be started.", raises: ["warning", "failure"] },
  },
  noData: ["no-job-chosen", "no-job-fits"],
  onByDefault: false,
});

export default [scheduledJobs];
