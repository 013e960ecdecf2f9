/**
 * Sign-ins that failed.
 *
 * 1: 2026-11-22 first version.
 * 2: 2026-11-22 what the system never tells of.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, list, series, setting, subject } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const failedLogins = defineCheck({
  id: "failed-logins",
  topic: "security",
  version: 2,
  readsFrom: 1,
  description: "Sign-ins that failed: many for one account, over many accounts, or with a success at their end.",
  promises: ["MON-9"],
  cycle: { everyMinutes: 5 },
  failuresBeforeFinding: 1,
  sample: z.object({
    failedCount: series.count("Sign-ins that failed since the last sample."),
    windowCount: series.count("Sign-ins that failed within the window; at least so many when records went unread."),
    windowMinuteCount: fact.count("The window in minutes."),
    unreadCount: series.count("Records since the last sample that were only counted, because too many came at once."),
    problem: fact.text("What could not be read, and why; empty when everything could."),
    unmeasured: fact
      .oneOf(["nothing", "screen"], "What the system never tells of: sign-ins at its screen, on macOS; left out by agents that do not say.")
      .optional(),
    accounts: list({
      account: subject("The account; ? stands for all accounts that do not exist."),
      windowCount: series.count("Sign-ins to it that failed within the window."),
      sourceCount: series.count("From how many computers, at most 20."),
      lastAt: fact.moment("When the last one failed, Unix time in milliseconds."),
      lastSource: fact.text("The computer that it came from; empty for this one."),
      service: fact.text("The service that refused it: sshd, sudo, remote-desktop."),
      succeededAt: fact.moment("When one succeeded after many had failed, Unix time in milliseconds; null if none.").nullable(),
      succeededFrom: fact.text("The computer that the success came from; empty for this one."),
      failuresBeforeCount: fact.count("How many had failed before that success."),
      lockedAt: fact.moment("When the system locked the account, Unix time in milliseconds; null if not.").nullable(),
    }),
    sources: list({
      source: subject("The computer that they came from, by address or name."),
      windowCount: series.count("Sign-ins from it that failed within the window."),
      accountCount: series.count("For how many accounts, at most 20."),
      lastAt: fact.moment("When the last one failed, Unix time in milliseconds."),
      service: fact.text("The service that refused it."),
    }),
  }),
  selection: z.object({
    windowMinutes: setting.minutes(60, "Failures are counted within this time."),
    afterFailures: setting.count(
      10,
      "A success counts as suspicious after so many failures of the same account or computer within the window.",
    ),
    hideUnknownAccounts: setting.flag(
      true,
      "Names of accounts that do not exist do not leave the computer: people type passwords there by mistake.",
    ),
    excludeAccounts: setting.names([], "Never these accounts, in any case; * stands for any characters."),
    excludeSources: setting.names([], "Never from these computers, in any case; * stands for any characters."),
  }),
  judgement: z.object({
    accountFailures: setting.count(10, "Warning from so many failures of one account within the window; 0 = never."),
    sprayedAccounts: setting.count(5, "Warning when one computer fails with so many accounts within the window; 0 = never.", 20),
    totalFailures: setting.count(100, "Warning from so many failures altogether within the window; 0 = never.", 100_000),
    successHours: setting.count(24, "A success after many failures is reported for this long, in hours; 0 = never.", 168),
    reportLocked: setting.flag(true, "Warn when the system locked an account, for the length of the window."),
  }),
  findings: {
    guessing: { description: "Many sign-ins to one account failed.", raises: ["warning"] },
    spraying: { description: "One computer failed to sign in to many accounts.", raises: ["warning"] },
    "many-failures": { description: "Many sign-ins failed altogether.", raises: ["warning"] },
    "success-after-failures": {
      description: "A sign-in succeeded after many had failed: a password may have been guessed.",
      raises: ["failure"],
    },
    "locked-out": { description: "The system locked an account.", raises: ["warning"] },
  },
  noData: ["no-journal", "no-security-log"],
  onByDefault: true,
});

export default [failedLogins];
