/** What follows an alarm: repairs that customers order, contacts with them, and what they were promised of both. */
import { z } from "zod";
import { Id } from "../../ids.ts";
import * as c from "../contacts.ts";
import { CustomerTerms, CustomerTermsChange } from "../customer-terms.ts";
import * as r from "../repair-orders.ts";
import { page, PageQuery, route } from "../route.ts";

const customerId = z.object({ customerId: Id });

export const customerCareRoutes = {
  getCustomerTerms: route({
    name: "getCustomerTerms",
    method: "GET",
    path: "/customers/{customerId}/terms",
    scope: "customers:read",
    summary: "What a customer was promised about alarms.",
    params: customerId,
    response: CustomerTerms,
  }),
  changeCustomerTerms: route({
    name: "changeCustomerTerms",
    method: "PATCH",
    path: "/customers/{customerId}/terms",
    scope: "customers:write",
    summary: "Changes what a customer was promised about alarms.",
    params: customerId,
    body: CustomerTermsChange,
    response: CustomerTerms,
  }),
  getRepairOffer: route({
    name: "getRepairOffer",
    method: "POST",
    path: "/repair-orders/look",
    scope: "none",
    summary: "What a link in an alarm mail offers. Looking orders nothing.",
    body: r.RepairOffering,
    response: r.RepairOffer,
    errors: ["LINK_INVALID"],
  }),
  placeRepairOrder: route({
    name: "placeRepairOrder",
    method: "POST",
    path: "/repair-orders",
    scope: "none",
    summary: "Orders the repair that a link in an alarm mail offers. Once; a confirmation goes to the readers of that mail.",
    body: r.NewRepairOrder,
    response: r.RepairOffer,
    status: 201,
    errors: ["LINK_INVALID", "CONFLICT"],
  }),
  listRepairOrders: route({
    name: "listRepairOrders",
    csv: true,
    method: "GET",
    path: "/repair-orders",
    scope: "findings:read",
    summary: "Repairs that customers ordered, newest first.",
    query: PageQuery.extend({ state: r.RepairOrderState.optional(), customerId: Id.optional(), findingId: Id.optional() }),
    response: page(r.RepairOrder),
  }),
  changeRepairOrder: route({
    name: "changeRepairOrder",
    method: "PATCH",
    path: "/repair-orders/{repairOrderId}",
    scope: "findings:write",
    summary: "Accepts, finishes or declines an order; the customer is told by mail.",
    params: z.object({ repairOrderId: Id }),
    body: r.RepairOrderChange,
    response: r.RepairOrder,
    errors: ["CONFLICT"],
  }),
  recordContact: route({
    name: "recordContact",
    method: "POST",
    path: "/findings/{findingId}/contacts",
    scope: "findings:write",
    summary: "Records a contact with the customer about a finding.",
    params: z.object({ findingId: Id }),
    body: c.NewContact,
    response: c.Contact,
    status: 201,
  }),
  finishContactStep: route({
    name: "finishContactStep",
    method: "POST",
    path: "/contacts/{contactId}/done",
    scope: "findings:write",
    summary: "Says that the next step which was agreed in a contact is done.",
    params: z.object({ contactId: Id }),
    response: c.Contact,
    errors: ["CONFLICT"],
  }),
  listContacts: route({
    name: "listContacts",
    csv: true,
    method: "GET",
    path: "/contacts",
    scope: "findings:read",
    summary: "Contacts with customers, newest first.",
    query: PageQuery.extend({ customerId: Id.optional(), findingId: Id.optional() }),
    response: page(c.Contact),
  }),
  listDueContacts: route({
    name: "listDueContacts",
    method: "GET",
    path: "/contacts/due",
    scope: "findings:read",
    summary: "Findings whose customer waits for the promised contact, and agreed steps that are not done; most urgent first.",
    query: z.object({ customerId: Id.optional() }),
    response: z.object({ items: z.array(c.DueContact) }),
  }),
} as const;
