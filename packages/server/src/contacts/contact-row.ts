/** Contacts as the database keeps them and as the API shows them. */
import type { Contact } from "@hauswart/protocol/api/contacts.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";

export interface ContactRow {
  contact_id: Id;
  customer_id: Id;
  customer_name: string;
  finding_id: Id;
  title: string;
  device_name: string | null;
  channel: Contact["channel"];
  partner: string;
  at: Date;
  reached: boolean;
  agreed: string;
  next_step: string;
  next_due_at: Date | null;
  next_done_at: Date | null;
  recorded_by: string;
}

/** Selects contacts `k` with the customer's name; $1 is the provider. */
export const selectContacts = `
  select k.contact_id, k.customer_id, c.name as customer_name, k.finding_id, k.title, k.device_name, k.channel, k.partner, k.at, k.reached, k.agreed, k.next_step,
    k.next_due_at, k.next_done_at, k.recorded_by
  from hauswart.contact k join hauswart.customer c on c.provider_id = k.provider_id and c.customer_id = k.customer_id
  where k.provider_id = $1`;

export function presentContact(row: ContactRow): Contact {
  return {
    contactId: row.contact_id,
    customerId: row.customer_id,
    customerName: row.customer_name,
    findingId: row.finding_id,
    title: row.title,
    deviceName: row.device_name,
    channel: row.channel,
    partner: row.partner,
    at: isoTime(row.at),
    reached: row.reached,
    agreed: row.agreed,
    nextStep: row.next_step,
    nextDueAt: isoTimeOrNull(row.next_due_at),
    nextDoneAt: isoTimeOrNull(row.next_done_at),
    by: row.recorded_by,
  };
}
