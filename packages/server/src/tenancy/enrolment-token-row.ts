/** Enrolment tokens as the database keeps them and as the API shows them: never the token itself. */
import type { EnrolmentToken } from "@hauswart/protocol/api/models.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { z } from "zod";
import { isoTime } from "../times.ts";

export interface EnrolmentTokenRow {
  enrolment_token_id: Id;
  customer_id: Id;
  site_id: Id;
  role: "workstation" | "server";
  uses_left: number;
  expires_at: Date;
  created_at: Date;
}

export const enrolmentTokenColumns = "enrolment_token_id, customer_id, site_id, role, uses_left, expires_at, created_at";

export function presentEnrolmentToken(row: EnrolmentTokenRow): z.infer<typeof EnrolmentToken> {
  return {
    enrolmentTokenId: row.enrolment_token_id,
    customerId: row.customer_id,
    siteId: row.site_id,
    role: row.role,
    expiresAt: isoTime(row.expires_at),
    usesLeft: row.uses_left,
    createdAt: isoTime(row.created_at),
  };
}
