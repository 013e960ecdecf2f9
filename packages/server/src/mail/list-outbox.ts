import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { decodeCursor, idKey, pageOf } from "../paging.ts";
import { mailColumns, presentMail, type MailRow } from "./mail-row.ts";

/** Mails within the actor's reach, newest first. Errors: FORBIDDEN. */
export async function listOutbox({ ctx, input }: Verb<Input<"listOutbox">>): Promise<Result<"listOutbox">> {
  requireScope(ctx, "mail:read");
  const [after] = decodeCursor(input.cursor, idKey) ?? [null];
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rows = await tx.sql<MailRow>(
      `select ${mailColumns} from hauswart.mail
       where provider_id = $1 and ($2::text is null or state = $2) and ($3::uuid is null or mail_id < $3) order by mail_id desc limit $4`,
      [ctx.providerId, input.state ?? null, after, input.limit + 1],
    );
    return pageOf(rows, input.limit, (row) => [row.mail_id], presentMail);
  });
}
