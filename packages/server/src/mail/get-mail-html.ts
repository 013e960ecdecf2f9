import type { Input } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { presentMailHtml, readMail } from "./mail-row.ts";

/** The HTML part of a mail, as it is sent. Errors: FORBIDDEN, NOT_FOUND. */
export async function getMailHtml({ ctx, input }: Verb<Input<"getMailHtml">>): Promise<string> {
  requireScope(ctx, "mail:read");
  return ctx.services.database.transaction(ctx, async (tx) => presentMailHtml(await readMail(tx, ctx, input.mailId)));
}
