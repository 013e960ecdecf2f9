import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Verb } from "../../context.ts";
import { decodeCursor, idKey, pageOf } from "../../paging.ts";
import { momentsOf } from "../accounts/account-row.ts";
import { accountMeant, isOpen, presentSession, sessionColumns, type SessionRow } from "./session-row.ts";

/** Open sessions, newest first: one's own, or with access:read another account's. Errors: FORBIDDEN. */
export async function listSessions({ ctx, input }: Verb<Input<"listSessions">>): Promise<Result<"listSessions">> {
  const accountId = accountMeant(ctx, input.accountId, "access:read");
  const { services, providerId } = ctx;
  const [after] = decodeCursor(input.cursor, idKey) ?? [null];
  // For all customers, because somebody restricted may see their own.
  return services.database.transaction({ providerId, customers: "*" }, async (tx) => {
    const rows = await tx.sql<SessionRow>(
      `select ${sessionColumns} from hauswart.session s
       where ${isOpen} and s.account_id = $4 and ($5::uuid is null or s.session_id < $5) order by s.session_id desc limit $6`,
      [providerId, ...momentsOf(ctx), accountId, after, input.limit + 1],
    );
    return pageOf(
      rows,
      input.limit,
      (row) => [row.session_id],
      (row) => presentSession(row, ctx),
    );
  });
}
