import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { presentWholeMail, readMail } from "./mail-row.ts";

/** One mail with its text and HTML. Errors: FORBIDDEN, NOT_FOUND. */
export async function getMail({ ctx, input }: Verb<Input<"getMail">>): Promise<Result<"getMail">> {
  requireScope(ctx, "mail:read");
  return ctx.services.database.transaction(ctx, async (tx) => presentWholeMail(await readMail(tx, ctx, input.mailId)));
}
