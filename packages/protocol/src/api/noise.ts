/** The noise budget: what people said of alarms, and which rules tell them too much. */
import { z } from "zod";
import { Id } from "../ids.ts";
import { LinkToken } from "./link-token.ts";
import { LanguageCode, Timestamp } from "./models.ts";
import { NoiseBudget } from "./noise-budget.ts";

export const AlarmVerdict = z
  .enum(["useful", "noise", "known"])
  .describe("useful: it was right to tell. noise: nobody had to know. known: it was known already.");
export type AlarmVerdict = z.infer<typeof AlarmVerdict>;

export const FindingVerdict = z.object({
  verdict: AlarmVerdict.nullable().describe("null: nobody has said anything."),
  by: z.string().nullable(),
  at: z.iso.datetime({ offset: true }).nullable(),
});
export type FindingVerdict = z.infer<typeof FindingVerdict>;

/** What the page behind the link in an alarm mail to the house's own people shows. */
export const VerdictOffer = z.object({
  language: LanguageCode.describe("Of the mail."),
  providerName: z.string(),
  title: z.string(),
  place: z.string().describe("Device, customer and site."),
  timeZone: z.string(),
  openedAt: Timestamp,
  closedAt: Timestamp.nullable(),
  readers: z.string().describe("The addresses that the mail was sent to; they stand as who judged."),
  said: z
    .object({ verdict: AlarmVerdict.nullable(), by: z.string(), at: Timestamp })
    .nullable()
    .describe("What was said of the alarm already, in whichever way; the link judges nothing any more. verdict null: it was taken back."),
});
export type VerdictOffer = z.infer<typeof VerdictOffer>;

export const LinkVerdict = LinkToken.extend({ verdict: AlarmVerdict });

export const NoiseQuery = z.object({
  weeks: z.coerce.number().int().min(1).max(52).default(4).describe("So many whole weeks, and the one that is running."),
});

const counts = {
  findings: z.int().describe("Those that people were told of: without what was held back, and without drills."),
  useful: z.int(),
  noise: z.int(),
  known: z.int(),
  noisePercent: z.number().nullable().describe("Share of noise among the findings that somebody judged; null: none was."),
};

export const NoiseReport = z.object({
  from: z.iso.date().describe("The Monday, where the provider is, from which on is counted."),
  budget: NoiseBudget,
  rules: z
    .array(
      z.object({
        check: z.string(),
        instance: z.string().describe("Of a check that there can be several of; else empty."),
        ...counts,
        findingsAWeek: z.number(),
        isOverBudget: z.boolean(),
        policyId: Id.nullable().describe(
          "The policy that switched the check on for these findings' devices; for a check that runs without one, a policy for all devices.",
        ),
        policyName: z.string().nullable(),
      }),
    )
    .describe("By check, instance and policy; those over their budget first, then by findings."),
  customers: z.array(z.object({ customerId: Id, customerName: z.string(), ...counts })).describe("By findings."),
  byWeek: z.array(z.object({ monday: z.iso.date(), ...counts })).describe("The oldest first; weeks without findings are left out."),
});
export type NoiseReport = z.infer<typeof NoiseReport>;
