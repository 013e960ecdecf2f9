/** The noise budget: what people said of alarms, and which rules tell them too much. */
import { z } from "zod";
import { Id } from "../ids.ts";

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

export const NoiseQuery = z.object({
  weeks: z.coerce.number().int().min(1).max(52).default(4),
  noisePercent: z.coerce
    .number()
    .min(0)
    .max(100)
    .default(10)
    .describe("A rule is over its budget when more of its judged findings were noise …"),
  weekly: z.coerce.number().int().min(1).max(10_000).default(50).describe("… or when it raises more findings a week than this."),
});

const counts = {
  findings: z.int(),
  useful: z.int(),
  noise: z.int(),
  known: z.int(),
  noisePercent: z.number().nullable().describe("Share of noise among the findings that somebody judged; null: none was."),
};

export const NoiseReport = z.object({
  weeks: z.int(),
  rules: z
    .array(
      z.object({
        check: z.string(),
        ...counts,
        findingsAWeek: z.number(),
        isOverBudget: z.boolean(),
        policyId: Id.nullable().describe("The policy that switched the check on for most of these findings' devices."),
        policyName: z.string().nullable(),
      }),
    )
    .describe("By check; those over their budget first, then by findings."),
  customers: z.array(z.object({ customerId: Id, customerName: z.string(), ...counts })).describe("By findings."),
  byWeek: z.array(z.object({ monday: z.iso.date(), ...counts })).describe("The oldest first; weeks without findings are left out."),
});
export type NoiseReport = z.infer<typeof NoiseReport>;
