/** What a policy would bring about before it is saved. */
import { z } from "zod";
import { Id } from "../ids.ts";
import { PolicySource, Severity } from "./models.ts";
import { PolicyAssignment, PolicyCheck } from "./policies.ts";

/** A policy as somebody is about to save it. Without assignments it shows what deleting it would bring about. */
export const PolicyDraft = z.object({
  policyId: Id.nullable().default(null).describe("null: a policy that does not exist yet."),
  customerId: Id.nullable().default(null).describe("Whose the new policy shall be; of one that exists it is known."),
  name: z.string().max(200).default("").describe("Within one level policies are laid on in order of their names."),
  checks: z.array(PolicyCheck).max(500).default([]),
  assignments: z.array(PolicyAssignment).max(1_000).default([]),
  devicesListed: z.int().min(0).max(500).default(100).describe("Devices that are told one by one; the figures count all."),
});
export type PolicyDraft = z.infer<typeof PolicyDraft>;

/** What would happen to a finding. */
export const PreviewFinding = z.object({
  kind: z.enum(["open", "change", "close"]),
  code: z.string(),
  subject: z.string(),
  severity: Severity.describe("The new one; of a finding that closes, the one that it has."),
  reason: z.enum(["recovered", "subject-gone", "check-ended"]).nullable().describe("Why it would close."),
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).nullable(),
});
export type PreviewFinding = z.infer<typeof PreviewFinding>;

/** What would become of one check of a device. */
export const PreviewCheck = z.object({
  check: z.string(),
  instance: z.string(),
  effect: z
    .enum(["starts", "ends", "changes", "cannot-run"])
    .describe(
      "cannot-run: the device's agent is too old for it, or the device has more checks than its agent takes; it would be shown and would not run.",
    ),
  settings: z.array(
    z.object({
      name: z.string(),
      before: z.unknown().describe("What holds now; null for a check that starts."),
      after: z.unknown().describe("What would hold; null for a check that ends."),
      source: PolicySource.describe("Where the new value would come from."),
    }),
  ),
  findings: z.array(PreviewFinding),
  /** Why nothing can be said about its findings, although its settings change. */
  notJudged: z.enum(["no-sample", "judge-failed"]).nullable(),
});

export const PreviewDevice = z.object({
  deviceId: Id,
  deviceName: z.string(),
  customerId: Id,
  customerName: z.string(),
  siteName: z.string(),
  isConnected: z.boolean().describe("false: new settings are judged when the device's next sample comes."),
  checks: z.array(PreviewCheck),
});
export type PreviewDevice = z.infer<typeof PreviewDevice>;

const FindingCounts = z.object({ devices: z.int(), findings: z.int() });

export const PolicyPreview = z.object({
  reachedDevices: z.int().describe("Devices that the policy reaches now or would reach."),
  changedDevices: z.int().describe("Devices on which something would change."),
  starts: z.int().describe("Checks that would start."),
  ends: z.int().describe("Checks that would end."),
  changes: z.int().describe("Checks that would run on with other settings."),
  cannotRun: z.int().describe("Checks that would be on and cannot run, because the agent is too old or takes no more."),
  alarms: FindingCounts.describe("Findings that would open or get worse at once."),
  recoveries: FindingCounts.describe("Findings that would close or get milder at once."),
  later: z
    .object({ alarms: FindingCounts, recoveries: FindingCounts })
    .describe("The same of devices that are not connected; it shows when they send their next sample, if that is like the newest."),
  notJudged: z.int().describe("Checks with other settings of which there is no sample to judge."),
  devices: z.array(PreviewDevice).describe("Those that would alarm first."),
});
export type PolicyPreview = z.infer<typeof PolicyPreview>;
