/** The audit log as it is asked for and verified. */
import { z } from "zod";
import { Id } from "../ids.ts";
import { actorKinds } from "./actor-kinds.ts";
import { Timestamp } from "./models.ts";

/** What the audit log can be narrowed to. */
export const AuditFilter = z.object({
  customerId: Id.optional(),
  action: z.string().max(100).optional().describe("A whole action such as `device.change`, or what stands before its point."),
  actor: z.string().max(200).optional().describe("Part of the name of who did it."),
  actorKind: z.enum(actorKinds).optional(),
  subject: z.string().max(200).optional().describe("Kind or id of what it was done to."),
  search: z.string().max(200).optional().describe("Text in action, name, subject or any value of the detail."),
  from: Timestamp.optional().describe("At this moment or later."),
  to: Timestamp.optional().describe("Before this moment."),
});

/** What came of reading the whole log again. */
export const AuditVerification = z.object({
  verifiedAt: Timestamp,
  verifiedUntil: Timestamp.nullable().describe("When the newest sealed entry was written; null while none is sealed."),
  entries: z.int().describe("Entries that were read."),
  unsealed: z.int().describe("Of these, those that have not been sealed yet; that takes some seconds."),
  seals: z.int(),
  head: z.string().describe("Hash that stands for everything sealed, hex; worth noting elsewhere."),
  problemCount: z.int().describe("0: the log is what was written."),
  problems: z
    .array(
      z.object({
        kind: z.enum(["entry-changed", "entry-missing", "entry-surplus", "seal-broken", "seal-missing"]),
        auditEntryId: Id.nullable(),
        position: z.int().nullable(),
        sealNumber: z.int().nullable(),
      }),
    )
    .describe("The first hundred."),
});
export type AuditVerification = z.infer<typeof AuditVerification>;
