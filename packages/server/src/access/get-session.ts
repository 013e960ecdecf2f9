import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Verb } from "../context.ts";
import { isoTime } from "../times.ts";
import { apiKeyColumns, presentApiKey, type ApiKeyRow } from "./api-key-row.ts";

interface AccountRow {
  account_id: Id;
  email: string;
  name: string;
  role: "owner";
  language: Language;
  created_at: Date;
}

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
      "select account_id, email, name, role, language, created_at from hauswart.account where provider_id = $1 and account_id::text = $2",
      [providerId, actor.id],
    );
    if (!row) throw new HauswartError("UNAUTHENTICATED");
    const account = {
      accountId: row.account_id,
      email: row.email,
      name: row.name,
      role: row.role,
      language: row.language,
      createdAt: isoTime(row.created_at),
    };
    return { account, apiKey: null };
  });
}
