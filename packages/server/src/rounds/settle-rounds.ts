/** Brings open records of rounds to their end: asks agents that are there, and writes down what they said. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Calendars } from "../calendars/calendars-of.ts";
import type { Tx } from "../database/database.ts";
import { json } from "../database/query.ts";
import { readNewestSamples, type NewestSampleRow } from "../devices/check-row.ts";
import { newestVerdicts } from "../devices/newest-verdicts.ts";
import { freshForSeconds } from "../evaluate/effective-state.ts";
import { isConnected, type LinkTimes } from "../presence/is-connected.ts";
import { presenceColumns, presenceJoin } from "../presence/presence-of.ts";
import type { Services } from "../services.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";
import { roundResult, type RoundResult, type RoundSituation } from "./round-result.ts";

interface SettleInput {
  readonly services: Services;
  readonly providerId: Id;
  readonly calendars: Calendars;
}

interface OpenRow extends LinkTimes {
  device_id: Id;
  customer_id: Id;
  site_id: Id;
  check_id: string;
  check_number: number;
  day: string;
  state: "waiting" | "not-measurable";
  due_at: Date;
  ends_at: Date;
  opened_at: Date;
  asked_at: Date | null;
  /** Of the record. */
  evidence_at: Date | null;
  judgement: Record<string, unknown> | null;
  every_seconds: number;
  daily_at_hour: number | null;
  unknown_reason: string | null;
  unknown_detail: string | null;
}

/** Those that wait, and those without a result whose day is not over. @returns how many got a result, or another one. */
export async function settleRounds(tx: Tx, input: SettleInput): Promise<number> {
  const { services, providerId } = input;
  const nowMs = services.clock.now();
  const rows = await tx.sql<OpenRow>(openRecords, [providerId, isoTime(nowMs)]);
  if (rows.length === 0) return 0;
  await askAgents(tx, input, rows, nowMs);
  const samples = await readNewestSamples(
    tx,
    providerId,
    rows.map((row) => ({ deviceId: row.device_id, number: row.check_number })),
  );
  const newest = new Map(samples.map((sample) => [`${sample.device_id} ${sample.number}`, sample]));
  let settled = 0;
  for (const row of rows) {
    const result = resultOf(input, row, newest.get(`${row.device_id} ${row.check_number}`), nowMs);
    if (!result || isKnown(row, result)) continue;
    await write(tx, providerId, row, result, nowMs);
    settled++;
  }
  return settled;
}

/** A record that has no result is written again only when there is newer evidence. */
const isKnown = ({ state, evidence_at }: OpenRow, { state: next, evidenceAtMs }: RoundResult) =>
  state === "not-measurable" && next === "not-measurable" && (evidence_at?.getTime() ?? null) === evidenceAtMs;

/** Everybody who is there is asked once a connection. */
async function askAgents(tx: Tx, { services, providerId }: SettleInput, rows: readonly OpenRow[], nowMs: number): Promise<void> {
  const asked = rows.filter((row) => isConnected(row, nowMs) && (row.asked_at === null || row.asked_at < row.connected_at!));
  if (asked.length === 0) return;
  await tx.sql(
    `update hauswart.round_record r set asked_at = $5 from unnest($2::uuid[], $3::text[], $4::date[]) as asked (device_id, check_id, day)
     where r.provider_id = $1 and r.device_id = asked.device_id and r.check_id = asked.check_id and r.day = asked.day`,
    [providerId, asked.map((row) => row.device_id), asked.map((row) => row.check_id), asked.map((row) => row.day), isoTime(nowMs)],
  );
  tx.afterCommit(() => {
    for (const [deviceId, own] of Map.groupBy(asked, (row) => row.device_id))
      services.bus.publish("device-measure", { providerId, deviceId, checks: own.map((row) => row.check_number) });
  });
}

function resultOf(
  { services, calendars }: SettleInput,
  row: OpenRow,
  sample: NewestSampleRow | undefined,
  nowMs: number,
): RoundResult | undefined {
  const round = services.checks.get(row.check_id)?.definition.round;
  if (!round) return undefined;
  return roundResult({
    dueAtMs: row.due_at.getTime(),
    endsAtMs: row.ends_at.getTime(),
    openedAtMs: row.opened_at.getTime(),
    nowMs,
    isConnected: isConnected(row, nowMs),
    evidenceAtMs: sample?.evidence_at?.getTime() ?? null,
    freshForMs: freshForSeconds(row.every_seconds, row.daily_at_hour) * 1_000,
    newest: newestOf(services, calendars, row, sample),
    keeps: round.keeps,
  });
}

function newestOf(services: Services, calendars: Calendars, row: OpenRow, sample: NewestSampleRow | undefined): RoundSituation["newest"] {
  if (!sample?.fact) {
    const why = row.unknown_reason === "collect-failed" ? "collect-failed" : "no-data";
    return { why, detail: row.unknown_detail ?? "" };
  }
  try {
    const judgeable = { ...sample, check_id: row.check_id, judgement: row.judgement ?? {} };
    const calendar = calendars.workingTime({ customerId: row.customer_id, siteId: row.site_id }, "service");
    return { verdicts: newestVerdicts(services.checks, judgeable, calendar) };
  } catch (error) {
    services.log.error("a sample could not be judged for a round", { check: row.check_id, deviceId: row.device_id, error });
    return { why: "not-judged", detail: "" };
  }
}

async function write(tx: Tx, providerId: Id, row: OpenRow, result: RoundResult, nowMs: number): Promise<void> {
  await tx.sql(
    `update hauswart.round_record set state = $5, reason = $6, detail = $7, result = $8, evidence_at = $9, subjects = $10::text::jsonb,
       recorded_at = $11, is_late = is_late or $12
     where provider_id = $1 and device_id = $2 and check_id = $3 and day = $4`,
    [
      providerId,
      row.device_id,
      row.check_id,
      row.day,
      result.state,
      result.reason,
      result.detail,
      result.result,
      isoTimeOrNull(result.evidenceAtMs),
      json(result.subjects),
      isoTime(nowMs),
      result.isLate,
    ],
  );
}

const openRecords = `
  select r.device_id, r.customer_id, r.site_id, r.check_id, r.check_number, r.day::text as day, r.state, r.due_at, r.ends_at, r.opened_at, r.asked_at, r.evidence_at,
    ci.judgement, coalesce(ci.every_seconds, 3600) as every_seconds, ci.daily_at_hour, ci.unknown_reason, ci.unknown_detail, ${presenceColumns("l")}
  from hauswart.round_record r
  left join hauswart.check_instance ci on ci.provider_id = r.provider_id and ci.device_id = r.device_id and ci.number = r.check_number
  left join hauswart.device_link l on l.provider_id = r.provider_id and l.device_id = r.device_id
  ${presenceJoin("l")}
  where r.provider_id = $1 and (r.state = 'waiting' or (r.state = 'not-measurable' and r.reason <> 'server-down' and r.ends_at > $2::timestamptz))
  order by r.device_id, r.day`;
