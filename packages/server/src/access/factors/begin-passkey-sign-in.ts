import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { PublicVerb } from "../../context.ts";
import { beginChallenge } from "./challenges.ts";
import { askForAnswer, requireRelyingParty } from "./web-authn.ts";

/** Asks for any passkey that knows its account. Errors: PASSKEYS_UNAVAILABLE, TOO_MANY_ATTEMPTS. */
export async function beginPasskeySignIn({ caller }: PublicVerb<Input<"beginPasskeySignIn">>): Promise<Result<"beginPasskeySignIn">> {
  const { services, address } = caller;
  const { options, webAuthn } = await askForAnswer(requireRelyingParty(services.settings), []);
  return { challenge: await beginChallenge(services, { kind: "passkey-sign-in", webAuthn }, address), options };
}
