/** The daily work and the first hour. */
import { z } from "zod";
import { Id } from "../../ids.ts";
import { FirstSteps, NewFindingNote, NewTestMail } from "../daily.ts";
import { OutboxMail } from "../mails.ts";
import * as m from "../models.ts";
import { route } from "../route.ts";

export const dailyRoutes = {
  addFindingNote: route({
    name: "addFindingNote",
    method: "POST",
    path: "/findings/{findingId}/notes",
    scope: "findings:write",
    summary: "Writes a note into a finding's history without acknowledging it.",
    params: z.object({ findingId: Id }),
    body: NewFindingNote,
    response: m.FindingEvent,
    status: 201,
  }),
  sendTestMail: route({
    name: "sendTestMail",
    method: "POST",
    path: "/outbox/test",
    scope: "mail:write",
    summary:
      "Queues a test mail and answers at once. What the mail server said stands in the mail itself: getMail. At most 20 an hour; then TOO_MANY_ATTEMPTS.",
    body: NewTestMail,
    response: OutboxMail,
    status: 201,
    errors: ["TOO_MANY_ATTEMPTS"],
  }),
  getFirstSteps: route({
    name: "getFirstSteps",
    method: "GET",
    path: "/first-steps",
    scope: "settings:read",
    summary: "How far an installation is from the first customer's first alarm mail. For those who may see all customers.",
    response: FirstSteps,
  }),
} as const;
