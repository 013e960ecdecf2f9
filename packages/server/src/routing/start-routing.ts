/** What routing does by itself: escalations and digests. Any number of processes may run it. */
import type { Id } from "@hauswart/protocol/ids.ts";
import { oneAtATime } from "../jobs/one-at-a-time.ts";
import { repeat } from "../jobs/repeat.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { runDigests } from "./digest/run-digests.ts";
import { runAllClears } from "./escalation/run-all-clears.ts";
import { runEscalations } from "./escalation/run-escalations.ts";

const escalationsEveryMs = 1_000;
const digestsEveryMs = 5_000;

export interface RunningRouting {
  /** Waits for what is in hand. */
  stop(): Promise<void>;
}

/** Starts looking for what is due; a finding's first step comes at once, because the bus says so. */
export function startRouting(services: Services): RunningRouting {
  const inTurn = oneAtATime();
  const run = () => inTurn(() => runDueEscalations(services));
  const unsubscribe = services.bus.subscribe("escalations-due", run);
  const repeated = [
    repeat(services, { name: "escalations", everyMs: escalationsEveryMs, run }),
    repeat(services, { name: "digests", everyMs: digestsEveryMs, run: () => runDueDigests(services) }),
  ];
  return {
    async stop() {
      unsubscribe();
      await Promise.all(repeated.map((one) => one.stop()));
      await inTurn(async () => undefined);
    },
  };
}

/** One round for every provider that has something due: calls, and the word to those who were called that they can stop. */
export async function runDueEscalations(services: Services): Promise<void> {
  const due = await providersWith(
    services,
    `select distinct e.provider_id from hauswart.escalation e
     where e.state = 'running' and (e.due_at <= $1 or exists (
       select 1 from hauswart.finding f where f.provider_id = e.provider_id and f.finding_id = e.finding_id and f.closed_at is not null))`,
  );
  for (const providerId of due) while (await runEscalations(services, providerId));
  for (const providerId of await providersWith(
    services,
    "select distinct provider_id from hauswart.escalation_call where all_clear_at is null and called_at <= $1",
  ))
    await runAllClears(services, providerId);
}

export async function runDueDigests(services: Services): Promise<void> {
  for (const providerId of await providersWith(services, "select distinct provider_id from hauswart.held_notice where due_at <= $1"))
    await runDigests(services, providerId);
}

async function providersWith({ database, clock }: Services, statement: string): Promise<Id[]> {
  const rows = await database.unwalled("routing that is due", (tx) => tx.sql<{ provider_id: Id }>(statement, [isoTime(clock.now())]));
  return rows.map(({ provider_id }) => provider_id);
}
