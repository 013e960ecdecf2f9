/** Repairs that customers order from the mail about an alarm (ALM-2). */
import { z } from "zod";
import { Id } from "../ids.ts";
import { RepairTerms } from "./customer-terms.ts";
import { ActionToken } from "./link-token.ts";
import { LanguageCode, Severity, Timestamp } from "./models.ts";
import { repairOrderStates } from "./repair-order-states.ts";

/** What an order was about, as its orderer read it. */
const OrderedRepair = z.object({
  title: z.string(),
  deviceName: z.string().nullable(),
  siteName: z.string().nullable(),
});

export const RepairOrderState = z.enum(repairOrderStates);

/** What the order page shows. */
export const RepairOffer = z.object({
  language: LanguageCode.describe("Of the mail."),
  providerName: z.string(),
  customerName: z.string(),
  finding: OrderedRepair.extend({
    severity: Severity,
    summary: z.string(),
    meaning: z.string(),
    openedAt: Timestamp,
    closedAt: Timestamp.nullable().describe("The fault is over; there is nothing to order."),
    timeZone: z.string(),
  }),
  terms: RepairTerms.nullable().describe("null: no repair is offered any more."),
  order: z
    .object({
      orderedBy: z.string(),
      orderedAt: Timestamp,
      state: RepairOrderState,
      stateNote: z.string().describe("What the house wrote to that."),
    })
    .nullable()
    .describe("The newest order. While it is open or accepted, no other can be placed."),
  linkIsSpent: z.boolean().describe("This link has ordered once. The next mail about the finding brings another."),
});
export type RepairOffer = z.infer<typeof RepairOffer>;

export const NewRepairOrder = z.object({
  token: ActionToken,
  name: z.string().trim().min(1).max(200).describe("Who orders."),
  contact: z.string().trim().max(200).default("").describe("Telephone number or address for questions."),
  note: z.string().trim().max(2_000).default(""),
  terms: RepairTerms.describe("The terms that were shown; others that hold by now are refused."),
});

export const RepairOrder = OrderedRepair.extend({
  repairOrderId: Id,
  customerId: Id,
  customerName: z.string(),
  deviceId: Id.nullable(),
  findingId: Id,
  orderedBy: z.string(),
  contact: z.string(),
  note: z.string(),
  address: z.string().describe("Network address from which it was ordered."),
  terms: RepairTerms,
  orderedAt: Timestamp,
  state: RepairOrderState,
  stateBy: z.string().nullable(),
  stateAt: Timestamp.nullable(),
  stateNote: z.string(),
});
export type RepairOrder = z.infer<typeof RepairOrder>;

export const RepairOrderChange = z.object({
  state: z.enum(["accepted", "done", "declined"]),
  note: z.string().trim().max(2_000).default("").describe("The customer reads it in the mail about it."),
});
