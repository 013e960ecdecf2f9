/** Contacts with customers after an alarm (ALM-3). */
import { z } from "zod";
import { Id } from "../ids.ts";
import { contactChannels } from "./contact-channels.ts";
import { Severity, Timestamp } from "./models.ts";

export const NewContact = z.object({
  channel: z.enum(contactChannels),
  partner: z.string().trim().min(1).max(200).describe("Who was spoken to."),
  at: Timestamp.optional().describe("When; left out: now."),
  reached: z.boolean().default(true).describe("false: nobody was reached. It stands on record, and the promise stays due."),
  agreed: z.string().trim().max(2_000).default("").describe("What was agreed."),
  nextStep: z.string().trim().max(500).default(""),
  nextWithinMinutes: z.int().min(1).max(100_000).nullable().default(null).describe("Service time until the next step is due."),
});

export const Contact = z.object({
  contactId: Id,
  customerId: Id,
  customerName: z.string(),
  findingId: Id,
  title: z.string().describe("Of the finding, as it was recorded."),
  deviceName: z.string().nullable(),
  channel: z.enum(contactChannels),
  partner: z.string(),
  at: Timestamp,
  reached: z.boolean(),
  agreed: z.string(),
  nextStep: z.string(),
  nextDueAt: Timestamp.nullable(),
  nextDoneAt: Timestamp.nullable(),
  by: z.string(),
});
export type Contact = z.infer<typeof Contact>;

/** Something that the customer was promised and that nobody has done yet. */
export const DueContact = z.object({
  kind: z.enum(["first-contact", "next-step"]),
  findingId: Id,
  contactId: Id.nullable().describe("The contact in which the next step was agreed."),
  customerId: Id,
  customerName: z.string(),
  deviceId: Id.nullable(),
  deviceName: z.string().nullable(),
  title: z.string().describe("Of the finding; of an agreed step, as it was recorded."),
  severity: Severity,
  findingOpen: z.boolean(),
  since: Timestamp.describe("When the finding opened; of an agreed step: when it was agreed."),
  dueAt: Timestamp.describe("Reckoned in the customer's service hours, from when the alarm was first told."),
  isOverdue: z.boolean(),
  nextStep: z.string(),
});
export type DueContact = z.infer<typeof DueContact>;
