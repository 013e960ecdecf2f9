/** Policies as the API takes and shows them. */
import { z } from "zod";
import { Id } from "../ids.ts";
import { Timestamp } from "./models.ts";
import { Name } from "./name.ts";

/** A subject that opens and closes more often than this becomes one finding that stays open until it is calm. */
export const FlappingRule = z.object({
  openings: z.int().min(1).max(50).describe("So many findings within the time are borne; the next one begins the flapping."),
  withinMinutes: z.int().min(5).max(10_080),
  calmMinutes: z.int().min(5).max(10_080).describe("It ends after it has been good for so long without a break."),
});
/** What a policy says about one check. Settings that are left out are inherited. */
export const PolicyCheck = z.object({
  check: z.string().max(64),
  instance: z.string().max(128).default(""),
  enabled: z.boolean().default(true),
  everySeconds: z.union([z.literal(60), z.literal(300), z.literal(900), z.literal(1800), z.literal(3600), z.literal(86400)]).optional(),
  dailyAtHour: z.int().min(0).max(23).optional(),
  failuresBeforeFinding: z.int().min(1).max(20).optional(),
  badForMinutes: z.int().min(0).max(1_440).optional().describe("A finding opens once its subject has been bad for so long; 0: at once."),
  goodSamples: z.int().min(1).max(20).optional().describe("Consecutive good samples that close a finding."),
  goodForMinutes: z.int().min(0).max(1_440).optional().describe("A finding closes once its subject has been good for so long; 0: at once."),
  recoverAt: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Other values of the check's settings, by which a subject has to be good before its finding closes."),
  flapping: FlappingRule.nullable()
    .optional()
    .describe("null: every opening and closing is told. Left out everywhere: more than 2 within 240 minutes, until 60 are calm."),
  settings: z.record(z.string(), z.unknown()).default({}),
});
export type PolicyCheck = z.infer<typeof PolicyCheck>;
export const PolicyAssignment = z.object({
  scope: z.enum(["provider", "customer", "site", "device", "tag"]),
  scopeId: z.string().max(64).describe("Id of customer, site or device; the tag's text; empty for the provider."),
});
export const Policy = z.object({
  policyId: Id,
  name: Name,
  customerId: Id.nullable().describe("null: the provider's, usable for every customer."),
  checks: z.array(PolicyCheck),
  assignments: z.array(PolicyAssignment.extend({ scopeName: z.string() })),
  revision: z.int(),
  updatedAt: Timestamp,
});
export type Policy = z.infer<typeof Policy>;
export const NewPolicy = z.object({
  name: Name,
  customerId: Id.nullable().default(null),
  checks: z.array(PolicyCheck).max(500).default([]),
  assignments: z.array(PolicyAssignment).max(1_000).default([]),
});
/** Without defaults: what is left out stays as it is. */
export const PolicyChange = z.object({
  name: Name.optional(),
  checks: z.array(PolicyCheck).max(500).optional(),
  assignments: z.array(PolicyAssignment).max(1_000).optional(),
  revision: z.int().describe("The revision that was edited; another one answers CONFLICT."),
});
