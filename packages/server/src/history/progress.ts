/** How far the chores of the history have come. */
import type { Services } from "../services.ts";

/** "facts" goes nowhere: it says since when facts are given out so that old ones can be forgotten. */
export type HistoryChore = "roll-up" | "facts";

/** Everything received before this Unix time (ms) is done; undefined before the first run. */
export async function progressOf({ database }: Services, chore: HistoryChore): Promise<number | undefined> {
  const [row] = await database.unwalled("progress of the history", (tx) =>
    tx.sql<{ through_ms: number }>(
      "select (extract(epoch from through) * 1000)::float8 as through_ms from hauswart.history_progress where chore = $1",
      [chore],
    ),
  );
  return row?.through_ms;
}

export async function setProgress({ database }: Services, chore: HistoryChore, throughMs: number): Promise<void> {
  await database.unwalled("progress of the history", (tx) =>
    tx.sql(
      "insert into hauswart.history_progress (chore, through) values ($1, to_timestamp($2::float8 / 1000)) on conflict (chore) do update set through = excluded.through",
      [chore, throughMs],
    ),
  );
}
