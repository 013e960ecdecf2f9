/**
 * Chores on a timetable: each runs once per slot however many server processes there are, never twice at the same time, and
 * again when the process that ran it died. On pg-boss, which nothing outside this file knows.
 */
import type { ClientConfig } from "pg";
import { PgBoss } from "pg-boss";
import { jobSchema } from "../database/roles.ts";
import type { Services } from "../services.ts";

export interface Chore {
  /** Lower case with hyphens; its metrics and its log lines bear it. */
  readonly name: string;
  /** Five fields of cron, in UTC. A slot that was missed because nobody was up is made up for, once. */
  readonly cron: string;
  /** @returns figures for the log */
  readonly run: (services: Services) => Promise<Readonly<Record<string, unknown>>>;
}

export interface JobQueue {
  /** Runs a chore as soon as a process is free, besides its timetable; if it waits or runs already, that is enough. */
  runSoon(name: string): Promise<void>;
  /** Chores whose last run in this process failed, with the reason, for the health page. */
  problems(): readonly string[];
  /** Takes no new chores and waits for those that run, for some seconds. */
  stop(): Promise<void>;
}

/** When a process says nothing for so long, its chore is given to another one. */
const heartbeatSeconds = 60;
/** A chore that takes longer than this has gone astray. */
const longestRunSeconds = 12 * 3_600;
const stopPatienceMs = 10_000;

export interface JobQueueOptions {
  /** Of the owner; the queue has connections of its own. */
  readonly connection: ClientConfig;
  readonly chores: readonly Chore[];
  /** How often a free worker looks; tests look more often. */
  readonly lookEverySeconds?: number;
}

/** Prepares the queue's tables and starts working. */
export async function startJobQueue(services: Services, { connection, chores, lookEverySeconds = 10 }: JobQueueOptions): Promise<JobQueue> {
  const { log } = services;
  const boss = new PgBoss({ ...plain(connection), schema: jobSchema, createSchema: false, max: 4, application_name: "hauswart jobs" });
  boss.on("error", (error: Error) => log.error("the job queue has trouble", { error }));
  boss.on("warning", (warning: { message: string }) => log.warn("the job queue warns", { problem: warning.message }));
  await boss.start();
  const problems = new Map<string, string>();
  const run = runner(services, problems);
  for (const chore of chores) {
    await ensureQueue(boss, chore.name);
    await boss.schedule(chore.name, chore.cron, undefined, { tz: "UTC", missed: "once" });
    // pg-boss wakes by polling here. Were `notify` used, it would need burstWhenBatchFull, or a backlog drains one batch per 30 s.
    await boss.work(chore.name, { batchSize: 1, pollingIntervalSeconds: lookEverySeconds }, () => run(chore));
  }
  await forgetOtherSchedules(boss, chores);
  return {
    runSoon: async (name) => void (await boss.send(name)),
    problems: () => [...problems.values()],
    stop: () => boss.stop({ graceful: true, timeout: stopPatienceMs, close: true }),
  };
}

/** pg-boss takes the same fields as the driver, but for the ones it has itself. */
function plain({ host, port, user, password, database, ssl, options }: ClientConfig) {
  const given = { host, port, user, password: password as string | (() => string) | undefined, database, ssl, options };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** `exclusive`: one waits or runs, a second is not taken. */
async function ensureQueue(boss: PgBoss, name: string): Promise<void> {
  const options = {
    expireInSeconds: longestRunSeconds,
    heartbeatSeconds,
    retryLimit: 3,
    retryDelay: 60,
    retryBackoff: true,
    retentionSeconds: 86_400,
    // Longer than between two slots of a monthly chore, so that the server knows when it last did it.
    deleteAfterSeconds: 40 * 86_400,
  };
  if (await boss.getQueue(name)) await boss.updateQueue(name, options);
  else await boss.createQueue(name, { ...options, policy: "exclusive" });
}

/** A chore that no longer exists leaves no timetable behind. */
async function forgetOtherSchedules(boss: PgBoss, chores: readonly Chore[]): Promise<void> {
  for (const { name } of await boss.getSchedules()) if (!chores.some((chore) => chore.name === name)) await boss.unschedule(name);
}

function runner(services: Services, problems: Map<string, string>): (chore: Chore) => Promise<void> {
  const { log, metrics } = services;
  const runs = metrics.counter({
    name: "chore_runs_total",
    help: "Runs of the server's chores, by what came of them.",
    labels: ["chore", "outcome"],
  });
  const seconds = metrics.histogram({
    name: "chore_seconds",
    help: "How long a chore took.",
    labels: ["chore"],
    buckets: [0.1, 1, 10, 60, 600, 3_600],
  });
  const success = metrics.gauge({
    name: "chore_last_success_timestamp_seconds",
    help: "When a chore last succeeded in this process, Unix time.",
    labels: ["chore"],
  });
  return async ({ name, run }) => {
    const start = performance.now();
    try {
      const figures = await run(services);
      problems.delete(name);
      runs.add(1, { chore: name, outcome: "ok" });
      success.set(Math.floor(Date.now() / 1_000), { chore: name });
      log.info("a chore is done", { chore: name, tookMs: Math.round(performance.now() - start), ...figures });
    } catch (error) {
      problems.set(name, `The chore ${name} failed: ${error instanceof Error ? error.message : String(error)}`);
      runs.add(1, { chore: name, outcome: "failed" });
      log.error("a chore failed; it will be tried again", { chore: name, error });
      throw error;
    } finally {
      seconds.observe((performance.now() - start) / 1_000, { chore: name });
    }
  };
}
