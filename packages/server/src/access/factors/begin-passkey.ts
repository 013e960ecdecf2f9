import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Verb } from "../../context.ts";
import { readProviderSettings } from "../../tenancy/provider-settings.ts";
import { beginChallenge } from "./challenges.ts";
import { credentialOf, readFactorRows } from "./factor-rows.ts";
import { readOwn, requireOwn } from "./own-account.ts";
import { askForRegistration, requireRelyingParty } from "./web-authn.ts";

/** Begins to add a passkey. Errors: FORBIDDEN, PASSKEYS_UNAVAILABLE. */
export async function beginPasskey({ ctx }: Verb<Input<"beginPasskey">>): Promise<Result<"beginPasskey">> {
  const own = requireOwn(ctx);
  const { services } = ctx;
  const party = requireRelyingParty(services.settings);
  const { account, rows, name } = await services.database.transaction(own.tenant, async (tx) => ({
    account: await readOwn(tx, own),
    rows: await readFactorRows(tx, own),
    name: (await readProviderSettings(tx, ctx)).name,
  }));
  const owner = { accountId: own.accountId, email: account.email, name: account.name };
  const { options, webAuthn } = await askForRegistration(party, { name, owner, known: rows.passkeys.map(credentialOf) });
  const { providerId, accountId, sessionId } = own;
  const challenge = await beginChallenge(services, { kind: "new-passkey", providerId, accountId, sessionId, webAuthn }, ctx.address);
  return { challenge, options };
}
