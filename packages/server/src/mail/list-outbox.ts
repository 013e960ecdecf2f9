import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { decodeCursor, idKey, pageOf } from "../paging.ts";
import { mailColumns, presentMail, type MailRow } from "./mail-row.ts";

/** Mails within the actor's reach, newest first. Errors: FORBIDDEN. */
export async function listOutbox({ ctx, input }: Verb<Input<"listOutbox">>): Promise<Result<"listOutbox">> {
  requireScope(ctx, "mail:read");
  const [after] = decodeCursor(input.cursor, idKey) ?? [null];
  const { state, customerId, search, from, to } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rows = await tx.sql<MailRow>(
      `select ${mailColumns} from hauswart.mail
       where provider_id = $1 and ($2::text is null or state = $2) and ($3::uuid is null or mail_id < $3)
         and ($5::uuid is null or customer_id = $5)
         and ($6::text is null or position(lower($6) in lower(subject)) > 0
           or exists (select from jsonb_array_elements(recipients) as r where position(lower($6) in lower(r->>'address')) > 0))
         and ($7::timestamptz is null or created_at >= $7) and ($8::timestamptz is null or created_at < $8)
       order by mail_id desc limit $4`,
      [
        ctx.providerId,
        state ?? null,
        after,
        input.limit + 1,
        customerId ?? null,
        search === undefined || search.trim() === "" ? null : search.trim(),
        from ?? null,
        to ?? null,
      ],
    );
    return pageOf(rows, input.limit, (row) => [row.mail_id], presentMail);
  });
}
