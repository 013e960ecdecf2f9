import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { isUniqueViolation } from "../../database/errors.ts";
import { tellOfSecurity } from "../../mail/tell-of-security.ts";
import { isoTime } from "../../times.ts";
import { takeChallenge } from "./challenges.ts";
import { endWeakerSessions, passkeyColumns, presentPasskey, type PasskeyRow } from "./factor-rows.ts";
import { readOwn, requireOwn, type Own } from "./own-account.ts";
import { firstRecoveryCodes } from "./recovery-codes.ts";
import { checkRegistration, requireRelyingParty } from "./web-authn.ts";

/**
 * Adds a passkey. Other sessions that a password alone opened end.
 * Errors: FORBIDDEN, CHALLENGE_INVALID, PASSKEY_REFUSED, PASSKEYS_UNAVAILABLE, CONFLICT (it is somebody's already).
 */
export async function createPasskey({ ctx, input }: Verb<Input<"createPasskey">>): Promise<Result<"createPasskey">> {
  const own = requireOwn(ctx);
  const { services } = ctx;
  const party = requireRelyingParty(services.settings);
  const { begun } = await takeChallenge(services, input.challenge, "new-passkey");
  if (begun.sessionId !== own.sessionId) throw new HauswartError("CHALLENGE_INVALID");
  const credential = await checkRegistration(party, input.passkey, begun.webAuthn);
  return services.database
    .transaction(own.tenant, async (tx) => {
      const row = await insertPasskey(tx, own, input.name, credential, services.clock.now());
      await endWeakerSessions(tx, services, own, own.sessionId);
      const recoveryCodes = await firstRecoveryCodes(tx, services, own);
      await audit(tx, ctx, {
        action: "passkey.create",
        subject: { kind: "passkey", id: row.passkey_id },
        customerId: null,
        detail: { name: row.name, isSynced: row.is_synced },
      });
      await tellOfSecurity(tx, ctx, [await readOwn(tx, own)], { kind: "factor-added", factor: "passkey", address: ctx.address });
      return { recoveryCodes, passkey: presentPasskey(row) };
    })
    .catch((error: unknown) => {
      if (isUniqueViolation(error, "passkey_credential")) throw new HauswartError("CONFLICT", "This passkey is known already.");
      throw error;
    });
}

async function insertPasskey(
  tx: Tx,
  { providerId, accountId }: Own,
  name: string,
  credential: Awaited<ReturnType<typeof checkRegistration>>,
  nowMs: number,
): Promise<PasskeyRow> {
  const [row] = await tx.sql<PasskeyRow>(
    `insert into hauswart.passkey (provider_id, passkey_id, account_id, credential_id, public_key, sign_count, transports, is_synced, name, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning ${passkeyColumns}`,
    [
      providerId,
      newId(nowMs),
      accountId,
      credential.credentialId,
      Buffer.from(credential.publicKey),
      credential.signCount,
      credential.transports,
      credential.isSynced,
      name,
      isoTime(nowMs),
    ],
  );
  return row!;
}
