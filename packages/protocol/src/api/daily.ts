/** What the daily work and the first hour need of the API: notes on findings, the test mail, the first steps. */
import { z } from "zod";
import { Id } from "../ids.ts";
import { LanguageCode } from "./models.ts";

export const NewFindingNote = z.object({ note: z.string().trim().min(1).max(2_000) });

export const NewTestMail = z.object({
  address: z.email(),
  language: LanguageCode.default("de"),
  customerId: Id.nullable().default(null).describe("The customer on whose behalf it is sent; null: the provider."),
});

/** Where an installation stands on its way to the first customer's first alarm mail. Each step is read from the data. */
export const FirstSteps = z.object({
  isDone: z.boolean().describe("The first customer's first alarm mail has left."),
  hasMailServer: z.boolean().describe("A mail server is set; without one mails are only kept in the outbox."),
  house: z.object({ isDone: z.boolean(), name: z.string(), mailFrom: z.string() }),
  customer: z.object({
    isDone: z.boolean().describe("There is a customer with a site, besides the house itself."),
    customerId: Id.nullable(),
    customerName: z.string(),
    siteId: Id.nullable(),
    siteName: z.string(),
  }),
  recipient: z.object({
    isDone: z.boolean().describe("Somebody with a real address is told of this customer, and a mail has reached the mail server."),
    address: z.string().nullable(),
  }),
  device: z.object({
    isDone: z.boolean(),
    deviceId: Id.nullable(),
    deviceName: z.string(),
    system: z.enum(["linux", "darwin", "win32"]).nullable(),
  }),
  alarm: z.object({
    isDone: z.boolean(),
    findingId: Id.nullable().describe("The customer's newest open finding, or the one that the mail was about."),
    mailId: Id.nullable().describe("The customer's newest mail about a finding."),
  }),
});
export type FirstSteps = z.infer<typeof FirstSteps>;
