/** Attempts through the routes of what follows an alarm: orders, contacts, terms. */
import type { Attempt, Targets } from "./attempts.ts";

/** Looks like a token of a mail's link. */
const token = "AQ".repeat(58);

export function onCustomerCare({ foreign }: Targets) {
  const { customerId, findingId, repairOrderId, contactId } = foreign;
  return {
    getCustomerTerms: [{ params: { customerId }, expect: "NOT_FOUND" }],
    changeCustomerTerms: [{ params: { customerId }, body: { repair: { kind: "included" } }, expect: "NOT_FOUND" }],
    getRepairOffer: [{ body: { token }, expect: "LINK_INVALID" }],
    placeRepairOrder: [{ body: { token, name: "somebody", terms: { kind: "quote" } }, expect: "LINK_INVALID" }],
    listRepairOrders: [
      { expect: "harmless" },
      { query: { customerId }, expect: "harmless" },
      { query: { findingId, state: "open" }, expect: "harmless" },
    ],
    getRepairOrder: [{ params: { repairOrderId }, expect: "NOT_FOUND" }],
    changeRepairOrder: [{ params: { repairOrderId }, body: { state: "done" }, expect: "NOT_FOUND" }],
    recordContact: [{ params: { findingId }, body: { channel: "mail", partner: "somebody" }, expect: "NOT_FOUND" }],
    finishContactStep: [{ params: { contactId }, expect: "NOT_FOUND" }],
    listContacts: [{ expect: "harmless" }, { query: { customerId }, expect: "harmless" }, { query: { findingId }, expect: "harmless" }],
    startAlarmDrill: [{ params: { customerId }, expect: "NOT_FOUND" }],
    listAlarmDrills: [{ expect: "harmless" }, { query: { customerId }, expect: "harmless" }],
    getAlarmDrill: [{ body: { token }, expect: "LINK_INVALID" }],
    confirmAlarmDrill: [{ body: { token }, expect: "LINK_INVALID" }],
    listDueContacts: [{ expect: "harmless" }, { query: { customerId }, expect: "harmless" }],
  } as const satisfies Readonly<Record<string, readonly Attempt[]>>;
}
