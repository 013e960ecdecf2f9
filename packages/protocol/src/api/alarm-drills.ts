/** Alarm drills: a marked fault through agent, finding, mail and mail server to the press of a reader (ALM-1). */
import { z } from "zod";
import { Id } from "../ids.ts";
import { drillReasons } from "../alarm-drill.ts";
import { LanguageCode, Timestamp } from "./models.ts";

/** What the page behind the mail's button shows. */
export const DrillNotice = z.object({
  language: LanguageCode.describe("Of the mail."),
  providerName: z.string(),
  customerName: z.string(),
  deviceName: z.string(),
  timeZone: z.string(),
  startedAt: Timestamp,
  confirmedAt: Timestamp.nullable(),
  isOver: z.boolean().describe("It has ended; there is nothing to confirm any more."),
});
export type DrillNotice = z.infer<typeof DrillNotice>;

export const AlarmDrill = z.object({
  drillId: Id,
  customerId: Id,
  customerName: z.string(),
  deviceId: Id,
  deviceName: z.string(),
  startedBy: z.string().nullable().describe("Who started it by hand; null: the timetable."),
  startedAt: Timestamp,
  findingId: Id.nullable(),
  measuredAt: Timestamp.nullable().describe("The agent's sample."),
  foundAt: Timestamp.nullable().describe("The finding was stored."),
  mailedAt: Timestamp.nullable().describe("The first mail that asks to confirm was written."),
  acceptedAt: Timestamp.nullable().describe("The mail server took it."),
  confirmedAt: Timestamp.nullable().describe("A reader pressed its button."),
  confirmedBy: z.string().nullable().describe("Who had the mail whose button was pressed."),
  endedAt: Timestamp.nullable(),
  result: z.enum(["done", "failed"]).nullable().describe("null: it is running."),
  reason: z.enum(drillReasons).nullable().describe("How far a failed one did not come."),
});
export type AlarmDrill = z.infer<typeof AlarmDrill>;
