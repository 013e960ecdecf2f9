/** Everything that the server does on a timetable: chores by the hour and day, sealing by the second. */
import type { ClientConfig } from "pg";
import { sealAudit } from "../audit/seal-audit.ts";
import { backupChores } from "../backup/backup-chore.ts";
import { writeDailyMails } from "../daily-mail/write-daily-mails.ts";
import { runDrills } from "../drills/run-drills.ts";
import type { Services } from "../services.ts";
import { chores } from "./chores.ts";
import { startJobQueue, type JobQueue } from "./job-queue.ts";
import { repeat } from "./repeat.ts";

/** An entry of the audit log is sealed within some seconds. */
const sealEveryMs = 3_000;
/** A daily mail leaves within a minute of its time. */
const dailyMailEveryMs = 30_000;
/** A drill that was confirmed or lost its time is ended within seconds. */
const drillsEveryMs = 15_000;

/** @param connection of the owner, for the job queue */
export async function startJobs(services: Services, connection: ClientConfig): Promise<JobQueue> {
  const queue = await startJobQueue(services, { connection, chores: [...chores, ...backupChores(services.settings, connection)] });
  const repeating = [
    repeat(services, { name: "audit-seal", everyMs: sealEveryMs, run: () => sealAudit(services.database) }),
    repeat(services, { name: "daily-mail", everyMs: dailyMailEveryMs, run: () => writeDailyMails(services) }),
    repeat(services, { name: "alarm-drills", everyMs: drillsEveryMs, run: () => runDrills(services) }),
  ];
  return {
    ...queue,
    problems: () => [...queue.problems(), ...repeating.flatMap((one) => one.problems())],
    async stop() {
      await Promise.all(repeating.map((one) => one.stop()));
      await queue.stop();
    },
  };
}
