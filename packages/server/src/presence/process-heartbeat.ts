/** Shows that this process serves: a row with the time, every few seconds. */
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { processDeadAfterMs } from "./is-connected.ts";

const everyMs = 3_000;
/** Longer than the longest silence that becomes a finding by default. */
const keepRowsDays = 60;

export interface ProcessHeartbeat {
  /** The row is written for the first time: agents may be let in. */
  readonly started: Promise<void>;
  /** An orderly end. */
  stop(): Promise<void>;
}

/**
 * Begins at once. Agents let in before `started` would look as if nobody held them.
 * @param repeats whether it goes on by itself; one beat only where time is moved by hand
 */
export function beatProcess(
  { processId, database, clock, log }: Pick<Services, "processId" | "database" | "clock" | "log">,
  { repeats = true }: { readonly repeats?: boolean } = {},
): ProcessHeartbeat {
  let isFailing = false;
  const beat = async () => {
    try {
      const gapMs = processDeadAfterMs;
      await database.unwalled("heartbeat", (tx) => tx.sql(heartbeat, [processId, isoTime(clock.now()), gapMs]));
      isFailing = false;
    } catch (error) {
      if (!isFailing) log.warn("the heartbeat of this process could not be written", { error });
      isFailing = true;
    }
  };
  const started = beat().then(() =>
    forgetOldProcesses(database, clock.now()).catch((error: unknown) => log.warn("old process rows could not be removed", { error })),
  );
  let running = started;
  const timer = repeats ? setInterval(() => void (running = running.then(beat)), everyMs) : undefined;
  timer?.unref();
  return {
    started,
    async stop() {
      clearInterval(timer);
      await running;
      await database
        .unwalled("heartbeat", (tx) =>
          tx.sql("update hauswart.server_process set alive_at = $2, stopped_at = $2 where process_id = $1", [
            processId,
            isoTime(clock.now()),
          ]),
        )
        .catch((error: unknown) => log.warn("the end of this process could not be written", { error }));
    },
  };
}

/** A beat that comes much too late leaves a gap behind: the database was away, or the process stood still. */
const heartbeat = `
  insert into hauswart.server_process as p (process_id, started_at, alive_at) values ($1, $2, $2)
  on conflict (process_id) do update set alive_at = excluded.alive_at, stopped_at = null,
    gap_from = case when excluded.alive_at - p.alive_at > $3::int8 * interval '1 millisecond' then p.alive_at else p.gap_from end,
    gap_until = case when excluded.alive_at - p.alive_at > $3::int8 * interval '1 millisecond' then excluded.alive_at else p.gap_until end`;

async function forgetOldProcesses(database: Services["database"], nowMs: number): Promise<void> {
  await database.unwalled("old process rows", (tx) =>
    tx.sql("delete from hauswart.server_process where alive_at < $1", [isoTime(nowMs - keepRowsDays * 86_400_000)]),
  );
}
