import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { z } from "zod";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { decodeCursor, pageOf } from "../paging.ts";
import { presentRecord, selectRecords, type RoundRecordRow } from "./round-record-row.ts";

const recordKey = z.tuple([z.iso.date(), z.string().max(1_000), z.uuid()]);

const conditions = {
  waiting: "r.state = 'waiting'",
  done: "r.state = 'done'",
  "not-measurable": "r.state = 'not-measurable'",
  late: "r.state = 'done' and r.is_late",
  bad: "r.state = 'done' and r.result <> 'ok'",
} as const;

/** Records of a round, the newest day first, within a day by device. Errors: FORBIDDEN. */
export async function listRoundRecords({ ctx, input }: Verb<Input<"listRoundRecords">>): Promise<Result<"listRoundRecords">> {
  requireScope(ctx, "devices:read");
  const { check, customerId, deviceId, fromDay, toDay, state, limit } = input;
  const [day, name, id] = decodeCursor(input.cursor, recordKey) ?? [];
  const rows = await ctx.services.database.transaction(ctx, (tx) =>
    tx.sql<RoundRecordRow>(
      `${selectRecords} and ($2::text is null or r.check_id = $2) and ($3::uuid is null or r.customer_id = $3) and ($4::uuid is null or r.device_id = $4)
         and ($5::date is null or r.day >= $5) and ($6::date is null or r.day <= $6) ${state ? `and ${conditions[state]}` : ""}
         and ($7::date is null or r.day < $7 or (r.day = $7 and (lower(d.name), r.device_id) > ($8, $9::uuid)))
       order by r.day desc, lower(d.name), r.device_id limit $10`,
      [
        ctx.providerId,
        check ?? null,
        customerId ?? null,
        deviceId ?? null,
        fromDay ?? null,
        toDay ?? null,
        day ?? null,
        name ?? null,
        id ?? null,
        limit + 1,
      ],
    ),
  );
  return pageOf(rows, limit, (row) => [row.day, row.device_key, row.device_id], presentRecord);
}
