import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Verb } from "../../context.ts";
import { beginChallenge } from "./challenges.ts";
import { credentialOf, readFactorRows } from "./factor-rows.ts";
import { readOwn, requireOwn } from "./own-account.ts";
import { askForAnswer, relyingPartyOf } from "./web-authn.ts";

/** How one can prove oneself, with a challenge where a passkey can. Errors: FORBIDDEN for API keys, which need no proof. */
export async function beginProof({ ctx }: Verb<Input<"beginProof">>): Promise<Result<"beginProof">> {
  const own = requireOwn(ctx);
  const { services } = ctx;
  const { account, rows } = await services.database.transaction(own.tenant, async (tx) => ({
    account: await readOwn(tx, own),
    rows: await readFactorRows(tx, own),
  }));
  const party = relyingPartyOf(services.settings);
  const asked = party && rows.passkeys.length > 0 ? await askForAnswer(party, rows.passkeys.map(credentialOf)) : undefined;
  const { providerId, accountId, sessionId } = own;
  const challenge =
    asked && (await beginChallenge(services, { kind: "proof", providerId, accountId, sessionId, webAuthn: asked.webAuthn }, ctx.address));
  return {
    ways: [
      ...(account.password_hash === null ? [] : (["password"] as const)),
      ...(rows.totpConfirmedAt ? (["totp"] as const) : []),
      ...(asked ? (["passkey"] as const) : []),
    ],
    challenge: challenge ?? null,
    passkeyOptions: asked?.options ?? null,
  };
}
