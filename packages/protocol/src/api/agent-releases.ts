/** What the API shows of the agent's releases. */
import { z } from "zod";
import { Timestamp } from "./models.ts";

/** canary: first. early: second. all: last. */
export const UpdateRing = z.enum(["canary", "early", "all"]);
export type UpdateRing = z.infer<typeof UpdateRing>;

export const AgentRollout = z.object({
  version: z.string(),
  state: z.enum(["running", "paused", "halted", "finished"]).describe("halted: by itself, because too many agents failed."),
  stage: UpdateRing.describe("How far it goes at present."),
  startedAt: Timestamp,
  stageSince: Timestamp,
  failedDevices: z.int().nullable().describe("When it was last judged: updates that failed …"),
  endedDevices: z.int().nullable().describe("… of those that ended."),
});

export const AgentReleases = z.object({
  releases: z.array(
    z.object({
      version: z.string(),
      createdAt: Timestamp,
      expiresAt: Timestamp,
      targets: z.array(z.string()).describe("Systems that it has an application for, and targets that it has an executable for."),
      rollout: AgentRollout.nullable().describe("null until a device is there that could take it."),
      underWay: z.int(),
      confirmed: z.int(),
      failed: z.int(),
    }),
  ),
  versions: z.array(z.object({ version: z.string(), devices: z.int() })).describe("How many devices run what, most first."),
  problems: z.array(z.object({ folder: z.string(), problem: z.string() })).describe("Folders that are not offered, and why."),
});

/** A file of a release that is being uploaded. */
export const IncomingFile = z.object({
  name: z.string(),
  sha256: z.string(),
  sizeBytes: z.int(),
  receivedBytes: z.int(),
});

export const DeviceUpdate = z.object({
  agentVersion: z.string(),
  canUpdate: z.boolean().describe("false: the agent has never said that it updates itself."),
  ring: UpdateRing.describe("The one that holds for it."),
  chosenRing: UpdateRing.nullable().describe("The device's own choice."),
  running: z.string().nullable().describe("a, b or built-in: where its application lies."),
  runtime: z.string().nullable(),
  target: z.string().nullable(),
  update: z
    .object({
      version: z.string(),
      state: z.enum(["offered", "downloading", "starting", "confirmed", "refused", "failed", "rolled-back"]),
      code: z.string().describe("See docs/agent-updates.md; empty when there is none."),
      detail: z.string(),
      attempts: z.int(),
      changedAt: Timestamp.nullable(),
    })
    .nullable()
    .describe("The last one that it was offered."),
  ended: z
    .object({ reason: z.string(), at: Timestamp })
    .nullable()
    .describe("The last run that did not end in order. hung: the watchdog ended it. ended: it crashed or was killed."),
});
