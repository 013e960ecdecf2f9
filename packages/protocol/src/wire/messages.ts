/**
 * The messages between agent and server. JSON text frames over one TLS WebSocket.
 *
 * ```
 * agent                                   server
 *   |            <- challenge               |   server nonce, versions, time
 *   |  hello ->                             |   device id, signature over both nonces
 *   |            <- welcome | refused       |   signature of the server's own key, last number of the stream
 *   |            <- configure               |   check instances
 *   |  batch(n), batch(n+1) … ->            |
 *   |            <- acknowledge(n+1)        |   only after the commit in the database
 *   |  goodbye ->                           |   orderly shutdown
 * ```
 */
import { z } from "zod";
import { Id } from "../ids.ts";
import { CollectFailure } from "../outcome.ts";
import { samplesPerBatchLimit } from "./versions.ts";

const base64 = (bytes: number) => z.string().length(Math.ceil(bytes / 3) * 4);
/** Unix time in milliseconds. Bounded only to what a date can hold: a wrong clock is data, not an error. */
const Moment = z.int().min(0).max(8.64e15);

export const Nonce = base64(32).describe("32 random bytes, base64.");
export const PublicKey = base64(32).describe("Raw Ed25519 public key (RFC 8032), base64.");
export const Signature = base64(64).describe("Ed25519 signature, base64.");

export const System = z.enum(["linux", "darwin", "win32"]);

/** What an agent says about its computer at enrolment and at each connection. */
export const Computer = z.object({
  hostname: z.string().min(1).max(253),
  system: System,
  systemName: z.string().max(200).describe("As the system calls itself, for example: Debian GNU/Linux 12 (bookworm)."),
  systemVersion: z.string().max(100),
  architecture: z.string().max(20),
  /** Hash of what makes this computer this computer (machine id, board serial): the same key with another fingerprint is a clone. */
  fingerprint: z.string().min(16).max(128),
  bootedAt: Moment,
  agentVersion: z.string().max(40),
});
export type Computer = z.infer<typeof Computer>;

// --- enrolment (HTTP POST) ---

export const EnrolRequest = z.object({
  token: z.string().min(20).max(200),
  publicKey: PublicKey,
  signature: Signature.describe("Over enrolmentProof(token, publicKey): shows that the sender holds the key."),
  computer: Computer,
});
export type EnrolRequest = z.infer<typeof EnrolRequest>;

export const EnrolResponse = z.object({
  deviceId: Id,
  /** Pinned by the agent from now on, whatever certificates or host names come. */
  serverPublicKey: PublicKey,
  /** The server's signature over enrolmentReceipt(deviceId, publicKey). */
  signature: Signature,
});
export type EnrolResponse = z.infer<typeof EnrolResponse>;

// --- server to agent ---

export const Challenge = z.object({
  type: z.literal("challenge"),
  nonce: Nonce,
  versions: z.object({ oldest: z.int(), newest: z.int() }),
  serverTime: Moment,
});

export const Welcome = z.object({
  type: z.literal("welcome"),
  version: z.int(),
  /** The server's signature over serverProof(agent nonce, server nonce, device id). */
  signature: Signature,
  /** Counts take-overs of this device; a connection with an older epoch is refused. */
  epoch: z.int(),
  /** Last stored number of the stream that the agent named; 0 when the stream is new. */
  lastSequence: z.int().min(0),
  /** Set when the stream ran backwards (a disk snapshot was restored): the agent starts a new stream and keeps its samples. */
  startNewStream: z.boolean(),
  serverTime: Moment,
});

export const Refused = z.object({
  type: z.literal("refused"),
  code: z.string().max(60),
  detail: z.string().max(500).optional(),
  /** The agent waits at least this long before it tries again. */
  retryAfterSeconds: z.number().min(0).max(86_400),
});

/** One check that this device runs. */
export const CheckInstance = z.object({
  /** Small number of the instance on this device; samples name it. Never used again for another instance. */
  number: z.int().min(0).max(32_767),
  check: z.string().max(64),
  /** Tells several instances of one check apart (five web sites); empty for the one default instance. */
  instance: z.string().max(128),
  /** Seconds between two measurements; whole days are measured at `dailyAtHour` local time. */
  everySeconds: z.int().min(1).max(86_400),
  dailyAtHour: z.int().min(0).max(23).optional(),
  /** Version of the selection; stands in each sample. */
  selectionVersion: z.int().min(0),
  selection: z.record(z.string(), z.unknown()),
});
export type CheckInstance = z.infer<typeof CheckInstance>;

export const Configure = z.object({
  type: z.literal("configure"),
  /** Hash of the whole configuration; an agent that has it already changes nothing. */
  revision: z.string().max(64),
  checks: z.array(CheckInstance).max(500),
});
export type Configure = z.infer<typeof Configure>;

export const Acknowledge = z.object({
  type: z.literal("acknowledge"),
  stream: Id,
  /** All batches up to and including this number are committed. */
  sequence: z.int().min(0),
});

/** Asks the agent to measure now; checks by number, all when left out. */
export const MeasureNow = z.object({
  type: z.literal("measure-now"),
  checks: z.array(z.int()).max(500).optional(),
});

export const ServerMessage = z.discriminatedUnion("type", [Challenge, Welcome, Refused, Configure, Acknowledge, MeasureNow]);
export type ServerMessage = z.infer<typeof ServerMessage>;

// --- agent to server ---

export const Hello = z.object({
  type: z.literal("hello"),
  version: z.int(),
  deviceId: Id,
  nonce: Nonce,
  signature: Signature.describe("Over agentProof(server nonce, agent nonce, device id)."),
  /** Random per run of the agent process: tells a reconnect from a second computer with the same key. */
  runId: Id,
  stream: Id,
  /** Highest number that the agent ever gave out in this stream. */
  highestSequence: z.int().min(0),
  /** Highest number that the agent saw acknowledged in this stream. */
  acknowledgedSequence: z.int().min(0),
  agentTime: Moment,
  computer: Computer,
  /** Checks that this agent can run, with the sample version of each. */
  checks: z.record(z.string().max(64), z.int()),
  /** Revision of the configuration that the agent holds. */
  configurationRevision: z.string().max(64),
  /** Samples that the bounded buffer had to give up since the last hello, oldest first. */
  droppedSamples: z.int().min(0),
});
export type Hello = z.infer<typeof Hello>;

/** One measurement of one check instance. Exactly one of ok, noData, failed. */
export const Sample = z.object({
  check: z.int().min(0).max(32_767).describe("Number of the check instance."),
  at: Moment.describe("When it was measured, by the agent's clock."),
  selectionVersion: z.int().min(0),
  tookMs: z.number().min(0).max(3_600_000),
  ok: z.record(z.string(), z.unknown()).optional(),
  noData: z.string().max(500).optional(),
  failed: CollectFailure.optional(),
  detail: z.string().max(2_000).optional(),
});
export type Sample = z.infer<typeof Sample>;

export const Batch = z.object({
  type: z.literal("batch"),
  stream: Id,
  sequence: z.int().min(1),
  /** The agent's clock when it sent the message; with the receive time it yields the clock's offset. */
  sentAt: Moment,
  samples: z.array(Sample).min(1).max(samplesPerBatchLimit),
});
export type Batch = z.infer<typeof Batch>;

/** The computer or the agent ends in an orderly way: no silence alarm. */
export const Goodbye = z.object({
  type: z.literal("goodbye"),
  reason: z.enum(["shutdown", "restart", "sleep", "agent-stop", "agent-update"]),
  at: Moment,
});

/** Sign of life of an agent that has nothing to send. */
export const Heartbeat = z.object({ type: z.literal("heartbeat"), agentTime: Moment });

export const AgentMessage = z.discriminatedUnion("type", [Hello, Batch, Goodbye, Heartbeat]);
export type AgentMessage = z.infer<typeof AgentMessage>;
