/** The house itself: what the server says about its own state. */
import * as h from "../house.ts";
import { RetentionPreview, RetentionQuery } from "../retention.ts";
import { Id } from "../../ids.ts";
import { page, PageQuery, route } from "../route.ts";
import { z } from "zod";

export const houseRoutes = {
  getServerReport: route({
    name: "getServerReport",
    method: "GET",
    path: "/server",
    scope: "devices:read",
    summary: "What the server says of itself: mails that do not leave, little room, old backups, chores that fail.",
    response: h.ServerReport,
  }),
  exportCustomer: route({
    name: "exportCustomer",
    method: "GET",
    path: "/customers/{customerId}/export",
    scope: "customers:write",
    summary:
      "Everything of a customer as `.tar.gz`: a line of JSON a row, and `manifest.json` at its end. Needs the right `settings:write` as well.",
    params: z.object({ customerId: Id }),
    produces: "application/gzip",
  }),
  eraseCustomer: route({
    name: "eraseCustomer",
    method: "POST",
    path: "/customers/{customerId}/erase",
    scope: "customers:write",
    summary:
      "Begins to erase a customer with everything that belongs to it; its agents are revoked at once. Needs the right `settings:write` as well.",
    params: z.object({ customerId: Id }),
    body: z.object({ name: z.string().max(200).describe("The customer's name, as a confirmation.") }),
    response: h.CustomerErasure,
    status: 201,
    errors: ["CONFLICT"],
  }),
  listErasures: route({
    name: "listErasures",
    method: "GET",
    path: "/erasures",
    scope: "customers:read",
    summary: "Customers that are being erased or were, newest first.",
    query: PageQuery,
    response: page(h.CustomerErasure),
  }),
  previewRetention: route({
    name: "previewRetention",
    method: "GET",
    path: "/settings/retention-preview",
    scope: "settings:read",
    summary: "What would be deleted if things were kept this long; what is left out stays as it is set.",
    query: RetentionQuery,
    response: RetentionPreview,
  }),
} as const;
