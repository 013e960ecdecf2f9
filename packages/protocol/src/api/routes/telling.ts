/** Mails in the outbox, and webhooks. */
import { z } from "zod";
import { Id } from "../../ids.ts";
import * as mails from "../mails.ts";
import * as m from "../models.ts";
import { page, PageQuery, route } from "../route.ts";

export const tellingRoutes = {
  listOutbox: route({
    name: "listOutbox",
    csv: true,
    method: "GET",
    path: "/outbox",
    scope: "mail:read",
    summary: "Mails, newest first.",
    query: PageQuery.extend({
      state: mails.MailState.optional(),
      customerId: Id.optional(),
      search: z.string().max(200).optional().describe("Text in the subject or in an address."),
      from: m.Timestamp.optional().describe("Written at this moment or later."),
      to: m.Timestamp.optional().describe("Written before this moment."),
    }),
    response: page(mails.OutboxMail),
  }),
  getMail: route({
    name: "getMail",
    method: "GET",
    path: "/outbox/{mailId}",
    scope: "mail:read",
    summary: "One mail, whole.",
    params: z.object({ mailId: Id }),
    response: mails.OutboxMailWhole,
  }),
  getMailHtml: route({
    name: "getMailHtml",
    method: "GET",
    path: "/outbox/{mailId}/html",
    scope: "mail:read",
    summary:
      "The mail's HTML part as a page of its own, for a sandboxed frame. Answers with its own `Content-Security-Policy: sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'`.",
    params: z.object({ mailId: Id }),
    produces: "text/html",
  }),
  retryMail: route({
    name: "retryMail",
    method: "POST",
    path: "/outbox/{mailId}/retry",
    scope: "mail:write",
    summary: "Sends a mail again now, to those who have not had it.",
    params: z.object({ mailId: Id }),
    response: mails.OutboxMail,
    errors: ["CONFLICT"],
  }),
  listWebhooks: route({
    name: "listWebhooks",
    method: "GET",
    path: "/webhooks",
    scope: "settings:read",
    summary: "Webhooks.",
    query: PageQuery,
    response: page(m.Webhook),
  }),
  createWebhook: route({
    name: "createWebhook",
    method: "POST",
    path: "/webhooks",
    scope: "settings:write",
    summary: "Adds a webhook for findings and shows its signing secret once.",
    body: m.NewWebhook,
    response: m.CreatedWebhook,
    status: 201,
  }),
  deleteWebhook: route({
    name: "deleteWebhook",
    method: "DELETE",
    path: "/webhooks/{webhookId}",
    scope: "settings:write",
    summary: "Removes a webhook.",
    params: z.object({ webhookId: Id }),
    status: 204,
  }),
  listWebhookDeliveries: route({
    name: "listWebhookDeliveries",
    method: "GET",
    path: "/webhooks/{webhookId}/deliveries",
    scope: "settings:read",
    summary: "What was sent to a webhook, newest first.",
    params: z.object({ webhookId: Id }),
    query: PageQuery,
    response: page(m.WebhookDelivery),
  }),
} as const;
