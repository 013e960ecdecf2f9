import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { decodeCursor, idKey, pageOf } from "../paging.ts";
import { isoTime } from "../times.ts";
import { enrolmentTokenColumns, presentEnrolmentToken, type EnrolmentTokenRow } from "./enrolment-token-row.ts";

/** Tokens that can still be used, newest first. Errors: FORBIDDEN. */
export async function listEnrolmentTokens({ ctx, input }: Verb<Input<"listEnrolmentTokens">>): Promise<Result<"listEnrolmentTokens">> {
  requireScope(ctx, "devices:write");
  const [after] = decodeCursor(input.cursor, idKey) ?? [null];
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rows = await tx.sql<EnrolmentTokenRow>(
      `select ${enrolmentTokenColumns} from hauswart.enrolment_token
       where provider_id = $1 and uses_left > 0 and expires_at > $2 and ($3::uuid is null or site_id = $3) and ($4::uuid is null or enrolment_token_id < $4)
       order by enrolment_token_id desc limit $5`,
      [ctx.providerId, isoTime(ctx.services.clock.now()), input.siteId ?? null, after, input.limit + 1],
    );
    return pageOf(rows, input.limit, (row) => [row.enrolment_token_id], presentEnrolmentToken);
  });
}
