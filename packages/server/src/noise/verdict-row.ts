/** What somebody has said of an alarm, as the API shows it. A verdict that was taken back leaves its row, with no verdict in it. */
import type { AlarmVerdict, FindingVerdict, VerdictOffer } from "@hauswart/protocol/api/noise.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";

/** The last word, and be it that an earlier one is taken back; null when nobody has said anything. */
export async function readSaid(tx: Tx, { providerId }: Context, findingId: Id): Promise<VerdictOffer["said"]> {
  const [row] = await tx.sql<{ verdict: AlarmVerdict | null; judged_by: string; judged_at: Date }>(
    "select verdict, judged_by, judged_at from hauswart.finding_verdict where provider_id = $1 and finding_id = $2",
    [providerId, findingId],
  );
  return row ? { verdict: row.verdict, by: row.judged_by, at: isoTime(row.judged_at) } : null;
}

export async function readVerdict(tx: Tx, ctx: Context, findingId: Id): Promise<FindingVerdict> {
  const said = await readSaid(tx, ctx, findingId);
  return said?.verdict ? said : { verdict: null, by: null, at: null };
}
