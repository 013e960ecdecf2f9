/** Accounts as the database keeps them and as the API shows them. */
import type { Account, Reach } from "@hauswart/protocol/api/models.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Role } from "@hauswart/protocol/roles.ts";
import type { z } from "zod";
import { isoTime } from "../../times.ts";

export interface AccountRow {
  provider_id: Id;
  account_id: Id;
  email: string;
  name: string;
  role: Role;
  reach: Reach["mode"];
  customer_ids: Id[];
  language: Language;
  disabled_at: Date | null;
  created_at: Date;
}

/** Of an account `a`. */
export const accountColumns =
  "a.provider_id, a.account_id, a.email, a.name, a.role, a.reach, a.customer_ids, a.language, a.disabled_at, a.created_at";

export function presentAccount(row: AccountRow): z.input<typeof Account> {
  return {
    accountId: row.account_id,
    email: row.email,
    name: row.name,
    role: row.role,
    reach: { mode: row.reach, customerIds: row.customer_ids },
    language: row.language,
    createdAt: isoTime(row.created_at),
  };
}
