/** Brings open records of rounds to their end: asks agents that are there, and writes down what they said. */
import type { RoundReason } from "@hauswart/protocol/api/rounds.ts";
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
import { isNews, roundResult, type RoundResult, type RoundSituation } from "./round-result.ts";

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
  reason: RoundReason | null;
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
  const settled = rows.flatMap((row): Settled[] => {
    const result = resultOf(input, row, newest.get(`${row.device_id} ${row.check_number}`), nowMs);
    return result && isNews(recordOf(row), result) ? [{ row, result }] : [];
  });
  if (settled.length > 0) await write(tx, providerId, settled, nowMs);
  return settled.length;
}

/** As it was put on record; nothing is on record of one that waits. */
const recordOf = ({ state, reason, evidence_at }: OpenRow): Parameters<typeof isNews>[0] | undefined =>
  state === "waiting" ? undefined : { state, reason, evidenceAtMs: evidence_at?.getTime() ?? null };

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
    connectedSinceMs: isConnected(row, nowMs) ? row.connected_at!.getTime() : null,
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

interface Settled {
  readonly row: OpenRow;
  readonly result: RoundResult;
}

/** In one statement: at the hour of a round there are as many as devices. */
async function write(tx: Tx, providerId: Id, settled: readonly Settled[], nowMs: number): Promise<void> {
  const records = settled.map(({ row, result }) => ({
    device_id: row.device_id,
    check_id: row.check_id,
    day: row.day,
    state: result.state,
    reason: result.reason,
    detail: result.detail,
    result: result.result,
    evidence_at: isoTimeOrNull(result.evidenceAtMs),
    subjects: result.subjects,
    is_late: result.isLate,
  }));
  await tx.sql(
    `update hauswart.round_record r set state = w.state, reason = w.reason, detail = w.detail, result = w.result, evidence_at = w.evidence_at,
       subjects = w.subjects, recorded_at = $3, is_late = r.is_late or w.is_late
     from jsonb_to_recordset($2::text::jsonb) as w (device_id uuid, check_id text, day date, state text, reason text, detail text, result text,
       evidence_at timestamptz, subjects jsonb, is_late boolean)
     where r.provider_id = $1 and r.device_id = w.device_id and r.check_id = w.check_id and r.day = w.day`,
    [providerId, json(records), isoTime(nowMs)],
  );
}

const openRecords = `
  select r.device_id, r.customer_id, r.site_id, r.check_id, r.check_number, r.day::text as day, r.state, r.reason, r.due_at, r.ends_at, r.opened_at, r.asked_at, r.evidence_at,
    ci.judgement, coalesce(ci.every_seconds, 3600) as every_seconds, ci.daily_at_hour, ci.unknown_reason, ci.unknown_detail, ${presenceColumns("l")}
  from hauswart.round_record r
  left join hauswart.check_instance ci on ci.provider_id = r.provider_id and ci.device_id = r.device_id and ci.number = r.check_number
  left join hauswart.device_link l on l.provider_id = r.provider_id and l.device_id = r.device_id
  ${presenceJoin("l")}
  where r.provider_id = $1 and (r.state = 'waiting' or (r.state = 'not-measurable' and r.reason <> 'server-down' and r.ends_at > $2::timestamptz))
  order by r.device_id, r.day`;
