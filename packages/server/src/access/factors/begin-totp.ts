import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { readProviderSettings } from "../../tenancy/provider-settings.ts";
import { isoTime } from "../../times.ts";
import { lockTotp, totpPlace } from "./factor-rows.ts";
import { readOwn, requireOwn } from "./own-account.ts";
import { describeTotp, newTotpSecret } from "./totp.ts";

/** Makes a secret for an authenticator app, in place of one that was never confirmed. Errors: FORBIDDEN, CONFLICT where an app is set up. */
export async function beginTotp({ ctx }: Verb<Input<"beginTotp">>): Promise<Result<"beginTotp">> {
  const own = requireOwn(ctx);
  const { services } = ctx;
  const secret = newTotpSecret();
  return services.database.transaction(own.tenant, async (tx) => {
    const { email } = await readOwn(tx, own);
    const before = await lockTotp(tx, own);
    if (before?.confirmed_at) throw new HauswartError("CONFLICT", "There is an authenticator app already; remove it first.");
    await tx.sql(
      `insert into hauswart.account_totp (provider_id, account_id, secret, created_at) values ($1, $2, $3, $4)
       on conflict (provider_id, account_id) do update set secret = excluded.secret, created_at = excluded.created_at, last_step = 0`,
      [own.providerId, own.accountId, services.secrets.seal(secret, totpPlace(own)), isoTime(services.clock.now())],
    );
    await audit(tx, ctx, { action: "totp.begin", subject: { kind: "account", id: own.accountId }, customerId: null });
    const { name } = await readProviderSettings(tx, ctx);
    return describeTotp(secret, { issuer: name, email });
  });
}
