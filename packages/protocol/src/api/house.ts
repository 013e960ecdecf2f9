/** What the API shows of the house itself: the server's own state, and customers that go. */
import { z } from "zod";
import { Id } from "../ids.ts";
import { Timestamp } from "./models.ts";

/** Something about the server that somebody should know. Its words are in `server-findings.ts`. */
export const ServerProblem = z.object({
  code: z.string(),
  subject: z.string().describe("Name of the chore; empty for all that there is one of."),
  severity: z.enum(["hint", "warning", "failure"]).describe("A hint never becomes a finding."),
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  findingId: Id.nullable().describe("The finding that stands for it; null for a hint, and until the next judgement within a minute."),
  since: Timestamp.nullable(),
});

export const ServerReport = z.object({
  at: Timestamp,
  version: z.string(),
  facts: z
    .object({
      startedAt: Timestamp,
      diskFreeBytes: z.number().nullable(),
      diskTotalBytes: z.number().nullable(),
      lastBackupAt: Timestamp.nullable(),
      certificateEndsAt: Timestamp.nullable().describe("null: TLS does not end at this server."),
    })
    .nullable()
    .describe("null for actors who are restricted to some customers."),
  problems: z.array(ServerProblem),
});

/** A customer that is being erased, or was. */
export const CustomerErasure = z.object({
  erasureId: Id,
  customerId: Id,
  name: z.string().nullable().describe("null once it is done: the name goes with the rest."),
  requestedBy: z.string(),
  requestedAt: Timestamp,
  stepsDone: z.int(),
  stepsTotal: z.int().describe("0 until it begins."),
  rowsDeleted: z.number(),
  lastError: z.string().nullable().describe("Why the last attempt stopped; it is tried again."),
  finishedAt: Timestamp.nullable(),
});
