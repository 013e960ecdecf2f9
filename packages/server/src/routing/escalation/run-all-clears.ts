/**
 * Tells those who were called that it is over, or that somebody has taken it on: once, by the ways of the call. A round is one
 * transaction, like that of the escalations.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { reachesCustomer } from "../../access/require-scope.ts";
import { systemContext, type Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { isAcknowledged } from "../../findings/finding-row.ts";
import * as store from "../../mail/compose/store.ts";
import { writeLetters } from "../../mail/compose/write-letters.ts";
import type { Services } from "../../services.ts";
import { readProviderSettings } from "../../tenancy/provider-settings.ts";
import { isoTime } from "../../times.ts";
import { routingHours } from "../hours.ts";
import { peopleOf, type Person } from "../rotas.ts";
import { calledSinceMs, itemsFor, type SettledFinding } from "./all-clear.ts";
import { allClearWords, callNotes } from "./call-texts.ts";
import { callMaterial, noteCall } from "./call-material.ts";
import { lettersToPerson } from "./letters-to-person.ts";

interface Call {
  readonly call_id: Id;
  readonly account_id: Id;
  readonly finding_ids: Id[];
}

/**
 * Calls of which no finding needs anybody any more, of people who are told now: those who wait for the end of the quiet hours do not
 * stand in the way of others. What another process has in hand is left to it. $2 the present, $3 since when they must have been called.
 */
const settledCalls = `
  with settled as (
    select c.call_id, c.account_id, c.called_at from hauswart.escalation_call c
    where c.provider_id = $1 and c.all_clear_at is null and not exists (
      select 1 from hauswart.finding f where f.provider_id = c.provider_id and f.finding_id = any(c.finding_ids)
        and f.closed_at is null and not ${isAcknowledged("$2")}))
  select c.call_id, c.account_id, c.finding_ids from hauswart.escalation_call c
  where c.provider_id = $1 and c.all_clear_at is null and c.call_id in (select call_id from settled)
    and c.account_id in (select account_id from settled where called_at >= $3::timestamptz)
  order by c.call_id limit 500 for update of c skip locked`;

export async function runAllClears(services: Services, providerId: Id): Promise<void> {
  const { quietAt } = await routingHours(services, providerId);
  const ctx = systemContext(services, providerId, "escalation");
  await services.database.transaction(ctx, async (tx) => {
    const nowMs = services.clock.now();
    const sinceMs = calledSinceMs(quietAt({ customerId: null, siteId: null }).closesMs(nowMs), nowMs);
    const calls = await tx.sql<Call>(settledCalls, [providerId, isoTime(nowMs), isoTime(sinceMs)]);
    const people = await peopleOf(tx, ctx);
    for (const [accountId, own] of Map.groupBy(calls, ({ account_id }) => account_id)) {
      const person = people.get(accountId);
      if (person) await tell(tx, ctx, person, [...new Set(own.flatMap(({ finding_ids }) => finding_ids))]);
      await tx.sql("update hauswart.escalation_call set all_clear_at = $3 where provider_id = $1 and call_id = any($2::uuid[])", [
        providerId,
        own.map(({ call_id }) => call_id),
        isoTime(nowMs),
      ]);
    }
  });
}

async function tell(tx: Tx, ctx: Context, person: Person, findingIds: readonly Id[]): Promise<void> {
  const { services, providerId } = ctx;
  // Who has been restricted since the call hears no more of what is out of reach.
  const settled = (await settledFindings(tx, providerId, findingIds)).filter(({ customerId }) =>
    reachesCustomer(person.rights, customerId),
  );
  const items = itemsFor(person.accountId, settled);
  if (items.length === 0) return;
  const provider = await readProviderSettings(tx, ctx);
  const material = await callMaterial(
    tx,
    ctx,
    items.map(({ findingId }) => findingId),
    provider,
  );
  const knows = new Set(material.tellings.map(({ findingId, address }) => `${findingId} ${address}`));
  const letters = (await lettersToPerson(tx, providerId, person, { fromSeverity: "warning", items })).flatMap((letter) => {
    // Who is a recipient too hears that it is over as one.
    const rest = letter.items.filter(({ findingId, told }) => told !== "recovery" || !knows.has(`${findingId} ${letter.readers[0]!.key}`));
    return rest.length === 0 ? [] : [{ ...letter, items: rest }];
  });
  if (letters.length === 0) return;
  const customers = new Set([...material.findings.values()].map(({ customerId }) => customerId));
  await writeLetters(tx, services, providerId, material, letters, {
    place: { customerId: customers.size === 1 ? [...customers][0]! : null, siteId: store.noSite },
    more: (letter) => {
      const told = new Set(letter.items.map(({ findingId }) => findingId));
      const about = settled.filter(({ findingId }) => told.has(findingId));
      const takers = new Set(about.flatMap(({ isOver, takenBy }) => (takenBy && !isOver ? [takenBy.name] : [])));
      return allClearWords(person.language, { name: person.name, takers: [...takers], isAnyOver: about.some(({ isOver }) => isOver) });
    },
  });
  await noteCall(tx, providerId, material, callNotes[provider.language].allClear(person.name), 1);
}

async function settledFindings(
  tx: Tx,
  providerId: Id,
  findingIds: readonly Id[],
): Promise<(SettledFinding & { readonly customerId: Id | null })[]> {
  const rows = await tx.sql<{
    finding_id: Id;
    customer_id: Id | null;
    is_over: boolean;
    is_taken: boolean;
    taker_id: string | null;
    taker: string | null;
  }>(
    `select f.finding_id, f.customer_id, f.closed_at is not null as is_over, f.acknowledged_at is not null as is_taken, e.actor ->> 'id' as taker_id, f.acknowledged_by as taker
     from hauswart.finding f
     left join lateral (select actor from hauswart.finding_event e
       where e.provider_id = f.provider_id and e.finding_id = f.finding_id and e.kind = 'acknowledged' order by e.at desc, e.finding_event_id desc limit 1) e on true
     where f.provider_id = $1 and f.finding_id = any($2::uuid[])`,
    [providerId, findingIds],
  );
  return rows.map(({ finding_id, customer_id, is_over, is_taken, taker_id, taker }) => ({
    findingId: finding_id,
    customerId: customer_id,
    isOver: is_over,
    takenBy: is_taken && taker_id !== null ? { accountId: taker_id, name: taker ?? "" } : null,
  }));
}
