/** Deliveries and notices that are done are kept for a while to be looked at, and then go. */
import type { Services } from "../services.ts";

const dayMs = 86_400_000;
const deliveryDays = 30;
const noticeDays = 7;
/** After this nobody waits for a recovery mail of a finding any more; findings that are open keep theirs. */
const tellingDays = 90;

/** Over all providers. What still waits to be sent is never touched. @returns how many rows went */
export async function forgetOldMessages({ database, clock }: Services): Promise<number> {
  const before = (days: number) => new Date(clock.now() - days * dayMs).toISOString();
  return database.unwalled("forget old messages", async (tx) => {
    let gone = 0;
    const forget = async (text: string, days: number) =>
      void (gone +=
        (await tx.sql<{ count: number }>(`with gone as (${text} returning 1) select count(*) as count from gone`, [before(days)]))[0]
          ?.count ?? 0);
    await forget("delete from hauswart.delivery where state <> 'queued' and created_at < $1::timestamptz", deliveryDays);
    await forget(
      "delete from hauswart.finding_notice where mailed_at is not null and hooked_at is not null and at < $1::timestamptz",
      noticeDays,
    );
    await forget(
      "delete from hauswart.told told using hauswart.finding finding where finding.provider_id = told.provider_id and finding.finding_id = told.finding_id and finding.closed_at < $1::timestamptz",
      tellingDays,
    );
    return gone;
  });
}
