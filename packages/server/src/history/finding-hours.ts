/** What findings say about the hours of a check: the worst state of each subject. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../database/database.ts";
import { hourMs } from "./hours.ts";
import { hourStates, type HourState } from "./rollup-day.ts";

interface FindingSpan {
  readonly subject: string;
  readonly severity: "warning" | "failure";
  readonly fromMs: number;
  readonly toMs: number;
}

export class FindingHours {
  readonly #spans = new Map<string, FindingSpan[]>();

  /** Findings of these devices that were open at some time between. */
  static async load(tx: Tx, providerId: Id, deviceIds: readonly Id[], fromMs: number, toMs: number): Promise<FindingHours> {
    const rows = await tx.sql<{
      device_id: Id;
      check_number: number;
      subject: string;
      severity: FindingSpan["severity"];
      from_ms: number;
      to_ms: number | null;
    }>(
      `select device_id, check_number, subject, severity, (extract(epoch from opened_at) * 1000)::float8 as from_ms, (extract(epoch from closed_at) * 1000)::float8 as to_ms
       from hauswart.finding
       where provider_id = $1 and device_id = any($2::uuid[]) and check_number is not null
         and opened_at < to_timestamp($4::float8 / 1000) and (closed_at is null or closed_at > to_timestamp($3::float8 / 1000))`,
      [providerId, deviceIds, fromMs, toMs],
    );
    const hours = new FindingHours();
    for (const row of rows) {
      const key = `${row.device_id}/${row.check_number}`;
      const spans = hours.#spans.get(key) ?? [];
      hours.#spans.set(key, spans);
      spans.push({ subject: row.subject, severity: row.severity, fromMs: row.from_ms, toMs: row.to_ms ?? Infinity });
    }
    return hours;
  }

  /** The worst of a subject in the hour from `hourStartMs`; the empty subject stands for the whole check. */
  worst(deviceId: Id, checkNumber: number, subject: string, hourStartMs: number): HourState {
    let worst: HourState = "ok";
    for (const span of this.#spans.get(`${deviceId}/${checkNumber}`) ?? []) {
      const isMeant = subject === "" || span.subject === "" || span.subject === subject;
      if (
        isMeant &&
        span.fromMs < hourStartMs + hourMs &&
        span.toMs > hourStartMs &&
        hourStates.indexOf(span.severity) > hourStates.indexOf(worst)
      )
        worst = span.severity;
    }
    return worst;
  }
}
