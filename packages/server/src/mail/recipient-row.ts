/** Recipients of alarm mails as the database keeps them and as the API shows them. */
import type { Recipient } from "@hauswart/protocol/api/models.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { z } from "zod";
import type { Severity } from "./render/mail-texts.ts";

export interface RecipientRow {
  recipient_id: Id;
  customer_id: Id | null;
  site_id: Id | null;
  address: string;
  language: Language;
  from_severity: Severity;
  checks: string[] | null;
  recoveries: boolean;
}

export const recipientColumns = "recipient_id, customer_id, site_id, address, language, from_severity, checks, recoveries";

export function presentRecipient(row: RecipientRow): z.infer<typeof Recipient> {
  return {
    recipientId: row.recipient_id,
    customerId: row.customer_id,
    siteId: row.site_id,
    address: row.address,
    language: row.language,
    fromSeverity: row.from_severity,
    checks: row.checks,
    recoveries: row.recoveries,
  };
}
