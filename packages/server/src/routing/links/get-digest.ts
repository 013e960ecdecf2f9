import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { PublicVerb } from "../../context.ts";
import { openDigest } from "./digest-link.ts";

/** What a link in a digest ends. Looking does nothing. Errors: LINK_INVALID. */
export async function getDigest({ caller, input }: PublicVerb<Input<"getDigest">>): Promise<Result<"getDigest">> {
  return (await openDigest(caller, input.token)).offer;
}
