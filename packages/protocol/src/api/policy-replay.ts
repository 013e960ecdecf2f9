/** The threshold time machine: what a draft of a policy would have done in the past days, judged as it is judged when samples come. */
import { z } from "zod";
import { Id } from "../ids.ts";
import { Severity, Timestamp } from "./models.ts";
import { FlappingRule } from "./policies.ts";
import { PolicyDraft } from "./policy-preview.ts";

export const ReplayRequest = PolicyDraft.omit({ devicesListed: true }).extend({
  check: z.string().max(64).describe("The check to be replayed, as the draft and all other policies set it."),
  instance: z.string().max(128).default(""),
  days: z.int().min(1).max(90).default(30),
});
export type ReplayRequest = z.infer<typeof ReplayRequest>;

/** A finding that the draft would have raised, and that somebody would have been told of. */
export const ReplayedFinding = z.object({
  code: z.string(),
  subject: z.string(),
  severity: Severity.describe("The worst that it had."),
  openedAt: Timestamp,
  closedAt: Timestamp.nullable().describe("null: it would be open still."),
  flapCount: z.int().nullable().describe("How often it was bad anew, where it stood for flapping."),
});
export type ReplayedFinding = z.infer<typeof ReplayedFinding>;

export const ReplayedDevice = z.object({
  deviceId: Id,
  deviceName: z.string(),
  customerName: z.string(),
  siteName: z.string(),
  checkNumber: z.int(),
  settings: z.record(z.string(), z.unknown()).describe("What of the check would be in force there: thresholds and what damps."),
  findings: z.int(),
  short: z.int(),
  findingsNow: z.int(),
  coveredPercent: z.number().describe("Share of the time in which it was measured; the rest are gaps, which open and close nothing."),
  listed: z.array(ReplayedFinding).describe("By time; at most 200."),
});
export type ReplayedDevice = z.infer<typeof ReplayedDevice>;

/** What would have told people less, with what it would have done. Values are those of PolicyCheck. */
export const ReplaySuggestion = z.object({
  kind: z.enum(["duration", "recovery-time", "recovery-value", "flapping"]),
  badForMinutes: z.int().optional(),
  goodForMinutes: z.int().optional(),
  recoverAt: z.record(z.string(), z.unknown()).optional(),
  flapping: FlappingRule.optional(),
  findings: z.int().describe("So many findings would be left."),
  shortLeft: z.int().describe("Of the short-lived ones, those that would be told still."),
  lastingKept: z.int().describe("Of those that lasted, the ones that would be told still: all of them."),
});
export type ReplaySuggestion = z.infer<typeof ReplaySuggestion>;

export const ReplayResult = z.object({
  from: Timestamp,
  to: Timestamp,
  everySeconds: z.number(),
  samples: z.int(),
  notJudged: z.int().describe("Samples that the judge could not judge."),
  devices: z.int().describe("Devices on which the check would run."),
  devicesWithSamples: z.int(),
  devicesWithFindings: z.int(),
  findings: z.int().describe("Findings that somebody would have been told of."),
  short: z.int().describe("Of them, those that ended within `shortMinutes`."),
  shortMinutes: z.number(),
  held: z
    .int()
    .describe(
      "Besides them, those that nobody would have been told of: a maintenance window or a recorded outage held them until they were over.",
    ),
  findingsNow: z.int().describe("The same with the settings in force."),
  coveredPercent: z.number(),
  suggestions: z.array(ReplaySuggestion).describe("At most one for how long to wait before a finding opens, and one for how it closes."),
  listed: z.array(ReplayedDevice).describe("Those with most findings first; at most 100."),
});
export type ReplayResult = z.infer<typeof ReplayResult>;

export const Replay = z.object({
  replayId: Id,
  check: z.string(),
  instance: z.string(),
  days: z.int(),
  state: z.enum(["waiting", "running", "done", "cancelled", "failed"]),
  devices: z.int(),
  devicesDone: z.int(),
  result: ReplayResult.nullable(),
});
export type Replay = z.infer<typeof Replay>;
