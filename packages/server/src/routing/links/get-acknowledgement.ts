import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { PublicVerb } from "../../context.ts";
import { callOfLink, presentCall, readCall } from "./acknowledge-link.ts";

/** What a link acknowledges. Looking does nothing, however often a mail scanner does it. Errors: LINK_INVALID. */
export async function getAcknowledgement({
  caller,
  input,
}: PublicVerb<Input<"getAcknowledgement">>): Promise<Result<"getAcknowledgement">> {
  const { ctx, callId } = callOfLink(caller.services, input.token);
  return caller.services.database.transaction(ctx, async (tx) => presentCall(caller, await readCall(tx, ctx.providerId, callId)));
}
