/** What a customer was promised about alarms: whether they are sent (ALM-1), repair on order (ALM-2), contact after an alarm (ALM-3), a mail every day (ALM-4). */
import { z } from "zod";
import type { RepairTerms as Terms } from "../repair-terms.ts";
import { LanguageCode } from "./models.ts";
import { Unreachable } from "./routing.ts";

export const RepairTerms: z.ZodType<Terms> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("included") }),
  z.object({
    kind: z.literal("hourly"),
    centsPerHour: z.int().min(0).max(100_000_00).describe("Hundredths of the currency, without tax."),
    currency: z.string().regex(/^[A-Z]{3}$/, "Three letters, such as EUR (ISO 4217)."),
    minutesPerStep: z.int().min(1).max(60).describe("Time is billed in steps of so many minutes begun."),
  }),
  z.object({ kind: z.literal("quote") }),
  z.object({ kind: z.literal("off") }),
]);

const DailyMail = z.object({
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "A time of day, such as 07:30.")
    .describe("In the customer's time zone."),
  recipients: z
    .array(z.object({ address: z.email().max(320), language: LanguageCode }))
    .min(1)
    .max(50),
});

const Alarms = z.enum(["always", "ordered", "not-ordered"]);

export const CustomerTerms = z.object({
  alarms: Alarms.default("always").describe(
    "In the plan Basis alarms are the customer's to order: its own recipients are told when they are ordered. The house's people always are.",
  ),
  repair: RepairTerms.default({ kind: "quote" }),
  contactWithinMinutes: z
    .int()
    .min(1)
    .max(100_000)
    .nullable()
    .default(null)
    .describe("Service time within which somebody contacts the customer after an alarm; null: not promised."),
  contactFrom: z.enum(["warning", "failure"]).default("failure").describe("The least severity after which contact is promised."),
  dailyMail: DailyMail.nullable().default(null).describe("The mail of critical events of the last 24 hours; null: none."),
  alarmDrill: z.boolean().default(false).describe("Once a month a marked alarm is sent, whose mail a reader confirms."),
});
export type CustomerTerms = z.infer<typeof CustomerTerms>;
const UnreachableReader = Unreachable.extend({ address: z.string().describe("In lower case.") });
export type UnreachableReader = z.infer<typeof UnreachableReader>;

/** As they are shown. */
export const ShownCustomerTerms = CustomerTerms.extend({
  dailyMailUnreachable: z.array(UnreachableReader).describe("Recipients of the daily mail whom mails do not reach."),
});
export type ShownCustomerTerms = z.infer<typeof ShownCustomerTerms>;

/** Without defaults: what is left out stays as it is. */
export const CustomerTermsChange = z.object({
  alarms: Alarms.optional(),
  repair: RepairTerms.optional(),
  contactWithinMinutes: z.int().min(1).max(100_000).nullable().optional(),
  contactFrom: z.enum(["warning", "failure"]).optional(),
  dailyMail: DailyMail.nullable().optional(),
  alarmDrill: z.boolean().optional(),
});
