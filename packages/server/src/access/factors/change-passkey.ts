import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { passkeyColumns, presentPasskey, type PasskeyRow } from "./factor-rows.ts";
import { requireOwn } from "./own-account.ts";

/** Names one's own passkey. Errors: FORBIDDEN, NOT_FOUND. */
export async function changePasskey({ ctx, input }: Verb<Input<"changePasskey">>): Promise<Result<"changePasskey">> {
  const own = requireOwn(ctx);
  return ctx.services.database.transaction(own.tenant, async (tx) => {
    const [row] = await tx.sql<PasskeyRow>(
      `update hauswart.passkey set name = $4 where provider_id = $1 and account_id = $2 and passkey_id = $3 returning ${passkeyColumns}`,
      [own.providerId, own.accountId, input.passkeyId, input.name],
    );
    if (!row) throw new HauswartError("NOT_FOUND");
    await audit(tx, ctx, {
      action: "passkey.change",
      subject: { kind: "passkey", id: row.passkey_id },
      customerId: null,
      detail: { name: row.name },
    });
    return presentPasskey(row);
  });
}
