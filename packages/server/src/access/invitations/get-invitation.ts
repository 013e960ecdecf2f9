import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { PublicVerb } from "../../context.ts";
import { isoTime } from "../../times.ts";
import { hashOfToken } from "../tokens.ts";
import type { InvitationRow } from "./invitation-row.ts";

/** What an invitation offers. Looking does not use it up. Errors: LINK_INVALID. */
export async function getInvitation({ caller, input }: PublicVerb<Input<"getInvitation">>): Promise<Result<"getInvitation">> {
  const { services } = caller;
  const [row] = await services.database.unwalled("look at an invitation", (tx) =>
    tx.sql<Pick<InvitationRow, "email" | "name" | "role" | "language" | "expires_at"> & { provider_name: string }>(
      `select i.email, i.name, i.role, i.language, i.expires_at, p.name as provider_name
       from hauswart.invitation i join hauswart.provider p on p.provider_id = i.provider_id
       where i.token_hash = $1 and i.expires_at > $2`,
      [hashOfToken(input.token), isoTime(services.clock.now())],
    ),
  );
  if (!row) throw new HauswartError("LINK_INVALID");
  return {
    email: row.email,
    name: row.name,
    role: row.role,
    language: row.language,
    providerName: row.provider_name,
    expiresAt: isoTime(row.expires_at),
  };
}
