/** Keeps the rows of device_state true, so that lists and totals need not count checks. What this has not done yet, who asks does himself. */
import type { Id } from "@hauswart/protocol/ids.ts";
import { uuidArray } from "../database/binary-arrays.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { countChecks } from "./device-states.ts";

/** Rows are counted again when they hold no longer than this: evidence that is about to become too old has a successor by then. */
const aheadMs = 6_000;
/** Devices in one transaction; who stores samples of them may have to wait for it. */
const mostAtOnce = 200;
/** No row is believed for longer, whatever it follows from: should one ever be wrong, it is so for minutes. */
const longestMs = 600_000;

interface Due {
  provider_id: Id;
  device_id: Id;
}

/** Looks at all devices of all providers once. @returns how many were counted again. */
export async function sweepDeviceStates({ database, clock }: Pick<Services, "database" | "clock">): Promise<number> {
  const dueMs = clock.now() + aheadMs;
  let counted = 0;
  let last: Due | undefined;
  do {
    const due = await database.unwalled("states of devices", (tx) => countSome(tx, clock, dueMs, last));
    counted += due.length;
    last = due.length < mostAtOnce ? undefined : due.at(-1);
  } while (last);
  return counted;
}

/** The rows are locked before the checks are looked at: who changes those meanwhile waits, and then says that the row holds no longer. */
async function countSome(tx: Tx, clock: Services["clock"], dueMs: number, after: Due | undefined): Promise<Due[]> {
  const due = await tx.sql<Due>(lockDue, [isoTime(dueMs), mostAtOnce, after?.provider_id ?? null, after?.device_id ?? null]);
  if (due.length === 0) return due;
  const nowMs = clock.now();
  await tx.sql(count, [
    isoTime(nowMs),
    isoTime(nowMs + longestMs),
    uuidArray(due.map(({ provider_id }) => provider_id)),
    uuidArray(due.map(({ device_id }) => device_id)),
  ]);
  return due;
}

/** What another process has in hand is left to it. */
const lockDue = `
  select provider_id, device_id from hauswart.device_state
  where valid_until <= $1::timestamptz and ($3::uuid is null or (provider_id, device_id) > ($3::uuid, $4::uuid))
  order by provider_id, device_id limit $2 for no key update skip locked`;

const count = `
  update hauswart.device_state s set ok = e.ok, warning = e.warning, failure = e.failure, unknown = e.unknown,
    valid_from = e.valid_from, valid_until = least(e.valid_until, $2::timestamptz)
  from unnest($3::uuid[], $4::uuid[]) as r(provider_id, device_id) cross join lateral ${countChecks("r", "$1")} e
  where s.provider_id = r.provider_id and s.device_id = r.device_id`;
