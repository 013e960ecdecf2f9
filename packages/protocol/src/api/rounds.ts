/** What the API shows of rounds: on each working day, at a local time, a check's result is put on record for every device (AV-3). */
import { z } from "zod";
import { Id } from "../ids.ts";
import { CheckState, Timestamp } from "./models.ts";

/** Why a record holds no result. */
export const RoundReason = z.enum([
  "server-down",
  "device-off",
  "no-answer",
  "never-measured",
  "no-data",
  "collect-failed",
  "not-judged",
  "unknown-result",
]);
export type RoundReason = z.infer<typeof RoundReason>;

export const RoundRecord = z.object({
  deviceId: Id,
  deviceName: z.string(),
  customerId: Id,
  customerName: z.string(),
  siteName: z.string(),
  check: z.string(),
  day: z.iso.date().describe("Local date of the round."),
  dueAt: Timestamp,
  timeZone: z.string().describe("Of the device's site."),
  state: z.enum(["waiting", "done", "not-measurable"]).describe("waiting: the agent has been asked and has not answered yet."),
  reason: RoundReason.nullable().describe("Why it is not measurable."),
  detail: z.string(),
  result: z.enum(["ok", "warning", "failure"]).nullable().describe("When it is done: the worst that the check said."),
  evidenceAt: Timestamp.nullable().describe("When the sample was taken. Also of one that was too old to count."),
  subjects: z.array(
    z.object({
      subject: z.string(),
      state: CheckState,
      evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    }),
  ),
  recordedAt: Timestamp.nullable(),
  isLate: z.boolean().describe("Measured or recorded more than 15 minutes after it was due."),
});
export type RoundRecord = z.infer<typeof RoundRecord>;

/** The records of one working day. A day that is due and has none says so: it was not done. */
export const RoundDay = z.object({
  day: z.iso.date(),
  isDue: z.boolean().describe("Its hour has come. Not due: later today."),
  devices: z.int(),
  done: z.int(),
  late: z.int().describe("Of those that are done."),
  waiting: z.int(),
  notMeasurable: z.int(),
  warning: z.int(),
  failure: z.int(),
});

export const Round = z.object({
  check: z.string(),
  localTime: z.string().describe("HH:MM"),
  timeZone: z.string().describe("Of the customer, else of the house."),
  days: z
    .array(RoundDay)
    .describe("Days with records, and working days of a site, by its own calendar, that wait for theirs. The newest first."),
});
export type Round = z.infer<typeof Round>;
