import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { PublicVerb } from "../../context.ts";
import { openCall, presentCall } from "./acknowledge-link.ts";

/** What a link acknowledges. Looking does nothing, however often a mail scanner does it. Errors: LINK_INVALID. */
export async function getAcknowledgement({
  caller,
  input,
}: PublicVerb<Input<"getAcknowledgement">>): Promise<Result<"getAcknowledgement">> {
  return presentCall(caller, await openCall(caller, input.token));
}
