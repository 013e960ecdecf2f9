import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { requirePerson } from "../require-to-give.ts";
import { accountColumns, presentAccount, type AccountRow } from "./account-row.ts";

/** Changes one's own name or language, and nothing else of oneself. Errors: FORBIDDEN for API keys. */
export async function changeProfile({ ctx, input }: Verb<Input<"changeProfile">>): Promise<Result<"changeProfile">> {
  const { accountId } = requirePerson(ctx);
  const { services, providerId } = ctx;
  // For all customers, because somebody restricted may change themselves.
  return services.database.transaction({ providerId, customers: "*" }, async (tx) => {
    const read = () =>
      tx.sql<AccountRow>(`select ${accountColumns} from hauswart.account a where a.provider_id = $1 and a.account_id = $2`, [
        providerId,
        accountId,
      ]);
    const [before] = await read();
    if (!before) throw new HauswartError("UNAUTHENTICATED");
    await tx.sql(
      "update hauswart.account set name = coalesce($3, name), language = coalesce($4, language) where provider_id = $1 and account_id = $2",
      [providerId, accountId, input.name ?? null, input.language ?? null],
    );
    await audit(tx, ctx, {
      action: "account.change",
      subject: { kind: "account", id: accountId },
      customerId: null,
      detail: {
        email: before.email,
        before: { name: before.name, language: before.language },
        after: { name: input.name ?? before.name, language: input.language ?? before.language },
      },
    });
    const [after] = await read();
    return presentAccount(after ?? before);
  });
}
