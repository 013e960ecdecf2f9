/**
 * What waits for a moment that a calendar decided is due by the calendar that holds now: agreed steps (ALM-3) and what quiet hours
 * hold back. Both are stored with their moment, so that what is due is found without asking anybody; here it is decided anew.
 * All else that depends on working time asks when it is needed.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../database/database.ts";
import { routingHours } from "../routing/hours.ts";
import { recipientsById } from "../routing/recipients-at.ts";
import type { Services } from "../services.ts";
import { calendarsOf, followCalendars } from "./calendars-of.ts";
import { promisedByMs } from "./service-time.ts";

const minuteMs = 60_000;

/** Any number of processes may do it: it comes to the same. @returns waits for what is in hand, and ends it. */
export function followDueTimes(services: Services): { stop(): Promise<void> } {
  let last = Promise.resolve();
  const end = followCalendars(services, (providerId) => {
    last = last
      .then(() => decideDueTimes(services, providerId))
      .catch((error: unknown) => services.log.error("due times could not be decided by the changed calendar", { providerId, error }));
  });
  return {
    async stop() {
      end();
      await last;
    },
  };
}

/** For one provider. What has been told or done stays so. */
export async function decideDueTimes(services: Services, providerId: Id): Promise<void> {
  const [calendars, { quietAt }] = await Promise.all([calendarsOf(services, providerId), routingHours(services, providerId)]);
  await services.database.transaction({ providerId, customers: "*" }, async (tx) => {
    const steps = await tx.sql<StepRow>(openSteps, [providerId]);
    const dueMs = steps.map(({ customer_id, site_id, at, next_within_minutes }) =>
      promisedByMs(
        calendars.workingTime({ customerId: customer_id, siteId: site_id }, "service"),
        at.getTime(),
        next_within_minutes * minuteMs,
      ),
    );
    await moveSteps(tx, providerId, steps, dueMs);
    const held = await tx.sql<{ recipient_id: Id }>("select distinct recipient_id from hauswart.held_notice where provider_id = $1", [
      providerId,
    ]);
    const nowMs = services.clock.now();
    const ids = held.map(({ recipient_id }) => recipient_id);
    for (const { recipientId, quietUntilMs = nowMs } of await recipientsById(tx, providerId, ids, quietAt, nowMs))
      await tx.sql(
        "update hauswart.held_notice set due_at = to_timestamp($3::float8 / 1000) where provider_id = $1 and recipient_id = $2",
        [providerId, recipientId, quietUntilMs],
      );
  });
}

interface StepRow {
  contact_id: Id;
  customer_id: Id;
  /** null: the finding is of no site, or no longer kept. */
  site_id: Id | null;
  at: Date;
  next_within_minutes: number;
}

const openSteps = `
  select k.contact_id, k.customer_id, f.site_id, k.at, k.next_within_minutes
  from hauswart.contact k left join hauswart.finding f on f.provider_id = k.provider_id and f.finding_id = k.finding_id
  where k.provider_id = $1 and k.next_within_minutes is not null and k.next_done_at is null
  order by k.contact_id for update of k`;

async function moveSteps(tx: Tx, providerId: Id, steps: readonly StepRow[], dueMs: readonly number[]): Promise<void> {
  if (steps.length === 0) return;
  await tx.sql(
    `update hauswart.contact k set next_due_at = to_timestamp(r.due_ms / 1000)
     from unnest($2::uuid[], $3::float8[]) as r(contact_id, due_ms)
     where k.provider_id = $1 and k.contact_id = r.contact_id and k.next_due_at is distinct from to_timestamp(r.due_ms / 1000)`,
    [providerId, steps.map(({ contact_id }) => contact_id), dueMs],
  );
}
