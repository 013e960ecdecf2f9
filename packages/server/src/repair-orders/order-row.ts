/** Repair orders as the database keeps them and as the API shows them. */
import { RepairTerms } from "@hauswart/protocol/api/customer-terms.ts";
import type { RepairOrder } from "@hauswart/protocol/api/repair-orders.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";

export interface RepairOrderRow {
  repair_order_id: Id;
  customer_id: Id;
  customer_name: string;
  time_zone: string;
  device_id: Id | null;
  finding_id: Id;
  mail_id: Id;
  language: Language;
  title: string;
  device_name: string | null;
  site_name: string | null;
  terms: unknown;
  ordered_by: string;
  contact: string;
  note: string;
  address: string;
  ordered_at: Date;
  state: RepairOrder["state"];
  state_by: string | null;
  state_at: Date | null;
  state_note: string;
}

/** Selects orders `o` with the customer's name; $1 is the provider. */
export const selectRepairOrders = `
  select o.repair_order_id, o.customer_id, c.name as customer_name, coalesce(c.time_zone, p.time_zone) as time_zone, o.device_id, o.finding_id, o.mail_id, o.language, o.title,
    o.device_name, o.site_name, o.terms, o.ordered_by, o.contact, o.note, o.address, o.ordered_at, o.state, o.state_by, o.state_at, o.state_note
  from hauswart.repair_order o
  join hauswart.customer c on c.provider_id = o.provider_id and c.customer_id = o.customer_id
  join hauswart.provider p on p.provider_id = o.provider_id
  where o.provider_id = $1`;

/** One order within the actor's reach. Errors: NOT_FOUND. */
export async function readRepairOrder(
  tx: Tx,
  { providerId }: Context,
  repairOrderId: Id,
  lock: "for update of o" | "" = "",
): Promise<RepairOrderRow> {
  const [row] = await tx.sql<RepairOrderRow>(`${selectRepairOrders} and o.repair_order_id = $2 ${lock}`, [providerId, repairOrderId]);
  if (!row) throw new HauswartError("NOT_FOUND");
  return row;
}

export function presentRepairOrder(row: RepairOrderRow): RepairOrder {
  return {
    repairOrderId: row.repair_order_id,
    customerId: row.customer_id,
    customerName: row.customer_name,
    deviceId: row.device_id,
    findingId: row.finding_id,
    title: row.title,
    deviceName: row.device_name,
    siteName: row.site_name,
    orderedBy: row.ordered_by,
    contact: row.contact,
    note: row.note,
    address: row.address,
    terms: RepairTerms.parse(row.terms),
    orderedAt: isoTime(row.ordered_at),
    state: row.state,
    stateBy: row.state_by,
    stateAt: isoTimeOrNull(row.state_at),
    stateNote: row.state_note,
  };
}
