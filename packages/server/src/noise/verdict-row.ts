/** What somebody has said of an alarm, as the API shows it. */
import type { FindingVerdict } from "@hauswart/protocol/api/noise.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";

export async function readVerdict(tx: Tx, { providerId }: Context, findingId: Id): Promise<FindingVerdict> {
  const [row] = await tx.sql<{ verdict: FindingVerdict["verdict"]; judged_by: string; judged_at: Date }>(
    "select verdict, judged_by, judged_at from hauswart.finding_verdict where provider_id = $1 and finding_id = $2",
    [providerId, findingId],
  );
  return row ? { verdict: row.verdict, by: row.judged_by, at: isoTime(row.judged_at) } : { verdict: null, by: null, at: null };
}
