/** Erasures as the database keeps them and as the API shows them. */
import type { CustomerErasure } from "@hauswart/protocol/api/house.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { z } from "zod";
import type { Tx } from "../../database/database.ts";
import { isoTime, isoTimeOrNull } from "../../times.ts";

export interface ErasureRow {
  erasure_id: Id;
  erased_id: Id;
  name: string | null;
  requested_by: string;
  requested_at: Date;
  steps_done: number;
  steps_total: number;
  rows_deleted: number;
  last_error: string | null;
  finished_at: Date | null;
}

export const erasureColumns =
  "erasure_id, erased_id, name, requested_by, requested_at, steps_done, steps_total, rows_deleted, last_error, finished_at";

export async function readErasure(tx: Tx, providerId: Id, erasureId: Id): Promise<ErasureRow> {
  const [row] = await tx.sql<ErasureRow>(
    `select ${erasureColumns} from hauswart.customer_erasure where provider_id = $1 and erasure_id = $2`,
    [providerId, erasureId],
  );
  if (!row) throw new HauswartError("NOT_FOUND");
  return row;
}

export function presentErasure(row: ErasureRow): z.input<typeof CustomerErasure> {
  return {
    erasureId: row.erasure_id,
    customerId: row.erased_id,
    name: row.name,
    requestedBy: row.requested_by,
    requestedAt: isoTime(row.requested_at),
    stepsDone: row.steps_done,
    stepsTotal: row.steps_total,
    rowsDeleted: row.rows_deleted,
    lastError: row.last_error,
    finishedAt: isoTimeOrNull(row.finished_at),
  };
}
