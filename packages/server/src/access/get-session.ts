import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Verb } from "../context.ts";
import { accountColumns, presentAccount, type AccountRow } from "./accounts/account-row.ts";
import { apiKeyColumns, presentApiKey, type ApiKeyRow } from "./api-key-row.ts";

/** Who is signed in: an account or a key. Read for all customers, because a restricted key may see itself. */
export async function getSession({ ctx }: Verb<Input<"getSession">>): Promise<Result<"getSession">> {
  const { actor, providerId, services } = ctx;
  return services.database.transaction({ providerId, customers: "*" }, async (tx) => {
    if (actor.kind === "api-key") {
      const [key] = await tx.sql<ApiKeyRow>(`select ${apiKeyColumns} from hauswart.api_key where provider_id = $1 and api_key_id = $2`, [
        providerId,
        actor.id,
      ]);
      if (key) return { account: null, apiKey: presentApiKey(key) };
    }
    const [row] = await tx.sql<AccountRow>(
      `select ${accountColumns} from hauswart.account a where a.provider_id = $1 and a.account_id::text = $2`,
      [providerId, actor.id],
    );
    if (!row) throw new HauswartError("UNAUTHENTICATED");
    return { account: presentAccount(row), apiKey: null };
  });
}
