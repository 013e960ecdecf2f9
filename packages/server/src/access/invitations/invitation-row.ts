/** Invitations as the database keeps them and as the API shows them. */
import type { Reach } from "@hauswart/protocol/api/models.ts";
import type { Invitation } from "@hauswart/protocol/api/people.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Role } from "@hauswart/protocol/roles.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { isoTime } from "../../times.ts";
import { customersOf } from "../accounts/account-row.ts";

export interface InvitationRow {
  invitation_id: Id;
  email: string;
  name: string;
  role: Role;
  reach: Reach["mode"];
  customer_ids: Id[];
  language: Language;
  created_by_name: string;
  created_at: Date;
  sent_at: Date;
  expires_at: Date;
}

/** A link is good for so long. */
export const invitationLifeMs = 7 * 24 * 3_600_000;

/** Of an invitation `i`. Customers that were erased meanwhile are left out. */
export const invitationColumns = `i.invitation_id, i.email, i.name, i.role, i.reach, ${customersOf("i")}, i.language, i.created_by_name, i.created_at, i.sent_at, i.expires_at`;

/** One invitation of the provider. Errors: NOT_FOUND. */
export async function readInvitation(tx: Tx, { providerId }: Context, invitationId: Id): Promise<InvitationRow> {
  const [row] = await tx.sql<InvitationRow>(
    `select ${invitationColumns} from hauswart.invitation i where i.provider_id = $1 and i.invitation_id = $2 for update of i`,
    [providerId, invitationId],
  );
  if (!row) throw new HauswartError("NOT_FOUND");
  return row;
}

/** @param now Unix milliseconds */
export function presentInvitation(row: InvitationRow, now: number): Invitation {
  return {
    invitationId: row.invitation_id,
    email: row.email,
    name: row.name,
    role: row.role,
    reach: { mode: row.reach, customerIds: row.customer_ids },
    language: row.language,
    state: row.expires_at.getTime() > now ? "open" : "expired",
    createdAt: isoTime(row.created_at),
    createdBy: row.created_by_name,
    sentAt: isoTime(row.sent_at),
    expiresAt: isoTime(row.expires_at),
  };
}
