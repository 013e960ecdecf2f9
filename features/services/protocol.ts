/**
 * System services.
 *
 * 1: 2026-11-21 first version.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { column, entries, fact, list, series, setting, subject } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const services = defineCheck({
  id: "services",
  topic: "availability",
  version: 1,
  description: "Services that should run do run; on request the agent starts them again.",
  promises: ["MON-1"],
  cycle: { everyMinutes: 5 },
  failuresBeforeFinding: 1,
  sample: z.object({
    watchedCount: series.count("Services that are looked at."),
    runningCount: series.count("Services of these that run."),
    services: list({
      name: subject("The service's name as the system knows it: cron.service."),
      displayName: fact.text("What the service calls itself."),
      start: fact.oneOf(
        ["automatic", "by-others", "deactivated", "unknown"],
        "How it is started: with the system, only by other services or by hand, not at all because an administrator deactivated it, or not known.",
      ),
      watchedAs: fact.oneOf(
        ["automatic", "listed", "failed"],
        "Why it is looked at: it starts with the system, the settings name it, or it is neither and the system says that it failed.",
      ),
      state: fact.oneOf(
        ["running", "starting", "stopping", "stopped", "failed", "finished", "skipped", "waiting", "missing"],
        "What it does. finished: ended by itself with success soon after its start; skipped: a condition of its own kept it from starting; waiting: starts when it is needed; missing: there is no such service.",
      ),
      stateSince: fact
        .moment("Since when it is in this state, Unix time in milliseconds; null while it runs and where not known.")
        .nullable(),
      problem: fact.text("What the system says went wrong: exit-code 1, signal 11; empty when nothing did."),
      ownRestartCount: fact.count("How often the system restarted it by itself in the last hour, counted up to 10."),
      restart: fact.oneOf(
        ["off", "not-needed", "succeeded", "failed", "gave-up"],
        "What came of the agent's own restart: not switched on, not needed or still under way, done, attempted in vain, or no more attempts allowed.",
      ),
      restartsIn24HoursCount: fact.count("How often the agent restarted it in the last 24 hours."),
      restartedAt: fact
        .moment("When the agent last restarted it with success, Unix time in milliseconds; null if not in the last 24 hours.")
        .nullable(),
    }),
    restarts: entries(
      {
        service: fact.text("The service's name."),
        succeeded: fact.flag("Whether it ran afterwards."),
        attemptCount: fact.count("Which attempt in a row it was."),
        detail: fact.text("What the system said."),
      },
      "Attempts of the agent to restart a service.",
    ),
  }),
  selection: z.object({
    watch: setting.oneOf(
      ["automatic", "listed"],
      "automatic",
      "automatic: all services that start with the system, and the listed ones. listed: only those.",
    ),
    listed: setting.names([], "Services that must run in any case; * stands for any characters. A name without * must exist."),
    exclude: setting.names([], "Never these services; * stands for any characters."),
    restart: setting.flag(false, "The agent restarts a service that should run and does not, also while it has no connection."),
    restartOnly: setting.names([], "Restart only these; * stands for any characters. Empty: all that are looked at."),
    maximumConsecutiveRestarts: setting.count(
      2,
      "At most this many restarts in a row; a row ends when the service has run for five minutes.",
      100,
    ),
    maximumRestartsIn24Hours: setting.count(4, "At most this many restarts of one service in 24 hours.", 100),
    restartsOfServices: setting.lines(
      {
        service: column.name("The service; * stands for any characters."),
        maximumConsecutiveRestarts: column.count("At most this many restarts in a row; 0 = never.", 100),
        maximumRestartsIn24Hours: column.count("At most this many restarts in 24 hours; 0 = never.", 100),
      },
      "Limits of restarts for single services. The first line that fits holds; what it leaves empty is as for all.",
    ),
  }),
  judgement: z.object({
    startingMinutes: setting.minutes(5, "A service may take this long to start."),
    reportFailed: setting.flag(true, "Warn of services that failed although nobody waits for them to run: one-off jobs, for example."),
    unstableFromRestarts: setting.count(3, "Warn when the system itself had to restart a service this often in an hour; 0 = never.", 10),
    limitsOfServices: setting.lines(
      {
        service: column.name("The service; * stands for any characters."),
        failuresBeforeFinding: column.count("Bad samples in a row before there is a finding; empty: as for the check.", 20, 1),
        startingMinutes: column.minutes("It may take this long to start."),
        unstableFromRestarts: column.count("Warn when the system itself had to restart it this often in an hour; 0 = never.", 10),
      },
      "When single services are reported. The first line that fits holds; what it leaves empty is as for all.",
    ),
  }),
  findings: {
    "not-running": { description: "A service that should run does not.", raises: ["warning", "failure"] },
    failed: { description: "A one-off service ended with an error.", raises: ["warning"] },
    unstable: { description: "A service keeps ending and is restarted by the system.", raises: ["warning"] },
  },
  noData: ["no-systemd", "shutting-down", "no-service-fits"],
  onByDefault: true,
});

export default [services];
