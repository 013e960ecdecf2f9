/** What a running agent tells about itself to the person who asks on its computer. */
import * as z from "zod/mini";

export const AgentStatus = z.object({
  version: z.string(),
  processId: z.int(),
  startedAt: z.int(),
  server: z.string(),
  deviceId: z.string(),
  enrolledAt: z.int(),
  /** Without credentials. */
  proxy: z.string(),
  link: z.object({
    state: z.enum(["waiting", "connecting", "proving", "connected", "stopped"]),
    /** Since when, or until when it waits. Unix time in milliseconds. */
    at: z.optional(z.number()),
    /** Why it is not connected. */
    reason: z.optional(z.string()),
  }),
  lastAcknowledgedAt: z.nullable(z.number()),
  /** This computer's clock minus the server's, milliseconds. */
  clockOffsetMs: z.nullable(z.number()),
  buffer: z.object({
    mode: z.enum(["disk", "memory"]),
    usedBytes: z.number(),
    limitBytes: z.number(),
    waitingBatches: z.int(),
    droppedSamples: z.int(),
    problem: z.optional(z.string()),
  }),
  configurationRevision: z.string(),
  /** Not there for an agent that does not update itself. */
  update: z.optional(
    z.object({
      /** a, b or built-in: where its application lies. */
      running: z.string(),
      /** The server has not welcomed it yet; until then it may be taken back. */
      isTrial: z.boolean(),
      /** How the last update ended. */
      last: z.optional(z.object({ version: z.string(), outcome: z.string(), code: z.string(), detail: z.string(), at: z.number() })),
    }),
  ),
  checks: z.array(
    z.object({
      check: z.string(),
      instance: z.string(),
      everySeconds: z.int(),
      dailyAtHour: z.optional(z.int()),
      lastAt: z.nullable(z.number()),
      lastOutcome: z.nullable(z.string()),
      tookMs: z.nullable(z.number()),
      nextAt: z.number(),
    }),
  ),
});
export type AgentStatus = z.infer<typeof AgentStatus>;
