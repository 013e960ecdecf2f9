/** Mails of the outbox. */
import { z } from "zod";
import { Id } from "../ids.ts";
import { Timestamp } from "./models.ts";

export const MailState = z.enum(["queued", "sent", "refused", "returned", "kept"]);

export const OutboxMail = z.object({
  mailId: Id,
  customerId: Id.nullable(),
  state: MailState.describe(
    "kept: no SMTP server is set, the mail is shown here only; returned: taken by the SMTP server, and come back from everybody.",
  ),
  to: z.array(z.string()),
  /** Recipients whom the SMTP server refused, with its answer. */
  refusals: z.array(z.object({ address: z.string(), answer: z.string() })),
  reports: z
    .array(
      z.object({
        address: z.string(),
        action: z.enum(["failed", "delayed", "delivered", "relayed", "expanded"]).describe("RFC 3464; failed: the mail came back."),
        status: z.string().nullable().describe("RFC 3463, such as 5.1.1."),
        words: z.string().describe("Of the server that said so."),
        by: z.string().nullable().describe("That server."),
        at: Timestamp,
      }),
    )
    .describe("What delivery reports said after the SMTP server had taken the mail."),
  subject: z.string(),
  messageId: z.string(),
  attempts: z.int(),
  lastError: z.string().nullable(),
  nextAttemptAt: Timestamp.nullable(),
  createdAt: Timestamp,
  sentAt: Timestamp.nullable(),
});
export type OutboxMail = z.infer<typeof OutboxMail>;
export const OutboxMailWhole = OutboxMail.extend({
  text: z.string(),
  html: z.string(),
  /** Per recipient what became of the mail, and the SMTP server's own words. */
  answers: z.array(z.object({ address: z.string(), state: z.enum(["queued", "sent", "refused", "returned"]), answer: z.string() })),
});
