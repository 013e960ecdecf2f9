import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { PublicVerb } from "../context.ts";
import { contextOfVerdictLink, readLinkedAlarm } from "./verdict-link.ts";

/** The alarm that a link in a mail asks about. Looking judges nothing, however often programs follow it. Errors: LINK_INVALID. */
export async function getVerdictOffer({ caller, input }: PublicVerb<Input<"getVerdictOffer">>): Promise<Result<"getVerdictOffer">> {
  const { ctx, link } = contextOfVerdictLink(caller, input.token);
  return ctx.services.database.transaction(ctx, async (tx) => (await readLinkedAlarm(tx, ctx, link)).offer);
}
