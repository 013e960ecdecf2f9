/**
 * The messages between agent and server. JSON text frames over one TLS WebSocket; a batch may also come packed (`packedForm`).
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
 *
 * Written with zod/mini: the agent loads this file and the full zod would cost it 6 MB of memory (measured with the built
 * agent: 34.6 MB against 41.1 MB RSS). Both kinds of schema parse alike and can be nested in each other.
 */
import * as z from "zod/mini";
import { CollectFailure } from "../outcome.ts";
import { signedInLimit, signedInStates, signedInWays } from "../signed-in.ts";
import { checksLimit, samplesPerBatchLimit } from "./versions.ts";

const base64 = (bytes: number) => z.string().check(z.length(Math.ceil(bytes / 3) * 4));
const text = (longest: number, shortest = 0) => z.string().check(z.minLength(shortest), z.maxLength(longest));
const whole = (smallest: number, largest = Number.MAX_SAFE_INTEGER) => z.int().check(z.gte(smallest), z.lte(largest));
/** UUID, lower case; the same as `Id` of ids.ts. */
const Id = z.uuid();
/** Unix time in milliseconds. Bounded only to what a date can hold: a wrong clock is data, not an error. */
const Moment = whole(0, 8.64e15);

/** 32 random bytes, base64. */
export const Nonce = base64(32);
/** Raw Ed25519 public key (RFC 8032), base64. */
export const PublicKey = base64(32);
/** Ed25519 signature, base64. */
export const Signature = base64(64);

export const System = z.enum(["linux", "darwin", "win32"]);

/** What an agent says about its computer at enrolment and at each connection. */
export const Computer = z.object({
  hostname: text(253, 1),
  system: System,
  /** As the system calls itself, for example: Debian GNU/Linux 12 (bookworm). */
  systemName: text(200),
  systemVersion: text(100),
  architecture: text(20),
  /** Hash of what makes this computer this computer (machine id, board serial): the same key with another fingerprint is a clone. */
  fingerprint: text(128, 16),
  bootedAt: Moment,
  agentVersion: text(40),
});
export type Computer = z.infer<typeof Computer>;

// --- enrolment (HTTP POST) ---

export const EnrolRequest = z.object({
  token: text(200, 20),
  publicKey: PublicKey,
  /** Over enrolmentProof(token, publicKey): shows that the sender holds the key. */
  signature: Signature,
  /** What people shall call the device; its host name when left out. */
  name: z.optional(text(253, 1)),
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
  lastSequence: whole(0),
  /** Set when the stream ran backwards (a disk snapshot was restored): the agent starts a new stream and keeps its samples. */
  startNewStream: z.boolean(),
  serverTime: Moment,
  /** The server knows of updates: newest format of a release that it offers. Agents say nothing of updates to a server without it. */
  updates: z.optional(whole(1)),
  /** Newest form of packed messages that the server unpacks. Agents send none to a server without it. */
  packed: z.optional(whole(1)),
  /** The agent is to tell who is signed in at the computer, now and whenever that changes. Agents tell nobody of a server that does not ask. */
  signedIn: z.optional(z.boolean()),
});

export const Refused = z.object({
  type: z.literal("refused"),
  code: text(60),
  detail: z.optional(text(500)),
  /** The agent waits at least this long before it tries again. */
  retryAfterSeconds: z.number().check(z.gte(0), z.lte(86_400)),
  /** The server's signature over removalOrder(agent nonce, server nonce, device id): the agent removes itself from its computer. Agents that do not know it stay away as they are told. */
  removal: z.optional(Signature),
});

/** One check that this device runs. */
export const CheckInstance = z.object({
  /** Small number of the instance on this device; samples name it. Never used again for another instance. */
  number: whole(0, 32_767),
  check: text(64),
  /** Tells several instances of one check apart (five web sites); empty for the one default instance. */
  instance: text(128),
  /** Seconds between two measurements; whole days are measured at `dailyAtHour` local time. */
  everySeconds: whole(1, 86_400),
  dailyAtHour: z.optional(whole(0, 23)),
  /** Version of the selection; stands in each sample. */
  selectionVersion: whole(0),
  selection: z.record(z.string(), z.unknown()),
});
export type CheckInstance = z.infer<typeof CheckInstance>;

export const Configure = z.object({
  type: z.literal("configure"),
  /** Hash of the whole configuration; an agent that has it already changes nothing. */
  revision: text(64),
  checks: z.array(CheckInstance).check(z.maxLength(checksLimit)),
  /** As in `Welcome`, where it has changed since; left out, what was said goes on holding. */
  signedIn: z.optional(z.boolean()),
});
export type Configure = z.infer<typeof Configure>;

export const Acknowledge = z.object({
  type: z.literal("acknowledge"),
  stream: Id,
  /** All batches up to and including this number are committed. */
  sequence: whole(0),
});

/** Asks the agent to measure now; checks by number, all when left out. */
export const MeasureNow = z.object({
  type: z.literal("measure-now"),
  checks: z.optional(z.array(z.int()).check(z.maxLength(checksLimit))),
});

/** Asks an agent to look for a neighbour that is not heard of. Only agents that said in their hello that they look get it. */
export const LookFor = z.object({
  type: z.literal("look-for"),
  /** Comes back in the answer. */
  request: whole(1),
  /** IPv4 addresses of the neighbour; those outside the agent's own networks are not looked for. */
  addresses: z.array(text(15, 7)).check(z.minLength(1), z.maxLength(4)),
});

/** A release for agents that said in their hello that they update themselves. Believed for its signature alone. */
export const UpdateOffer = z.object({
  type: z.literal("update-offer"),
  /** See release/manifest.ts. */
  envelope: text(32 * 1024, 1),
});

export const ServerMessage = z.discriminatedUnion("type", [
  Challenge,
  Welcome,
  Refused,
  Configure,
  Acknowledge,
  MeasureNow,
  LookFor,
  UpdateOffer,
]);
export type ServerMessage = z.infer<typeof ServerMessage>;

// --- agent to server ---

/** How an agent that updates itself stands. */
export const HelloUpdate = z.object({
  /** Newest format of a release that it reads. */
  format: whole(1),
  /** Version of the loader, and of the runtime in the executable. */
  loader: whole(0),
  runtime: text(40),
  /** What the executable was built for, such as linux-x64-musl. */
  target: text(40),
  /** Which application runs: a, b or built-in. */
  running: text(20),
  /** It is tried and was not confirmed yet. */
  isTrial: z.boolean(),
  /** How the last update ended; the same in every hello until there is another. */
  last: z.optional(
    z.object({
      version: text(40),
      outcome: z.enum(["confirmed", "rolled-back", "failed"]),
      code: text(40),
      detail: text(300),
      at: Moment,
    }),
  ),
  /** The run before did not end in order: `hung`, the watchdog ended it; `ended`, it crashed or was killed. Told until a server has heard it. */
  ended: z.optional(z.object({ reason: text(20), at: Moment })),
});
export type HelloUpdate = z.infer<typeof HelloUpdate>;

/** A time for which the computer was asleep, by its own clock. */
export const Slept = z.object({ from: Moment, until: Moment });
export type Slept = z.infer<typeof Slept>;

export const Hello = z.object({
  type: z.literal("hello"),
  version: z.int(),
  deviceId: Id,
  nonce: Nonce,
  /** Over agentProof(server nonce, agent nonce, device id). */
  signature: Signature,
  /** Random per run of the agent process: tells a reconnect from a second computer with the same key. */
  runId: Id,
  stream: Id,
  /** Highest number that the agent ever gave out in this stream. */
  highestSequence: whole(0),
  /** Highest number that the agent saw acknowledged in this stream. */
  acknowledgedSequence: whole(0),
  agentTime: Moment,
  computer: Computer,
  /** Checks that this agent can run, with the sample version of each. */
  checks: z.record(text(64), z.int()),
  /** Revision of the configuration that the agent holds. */
  configurationRevision: text(64),
  /** Samples that the bounded buffer had to give up since the last hello, oldest first. */
  droppedSamples: whole(0),
  /** Left out by an agent that does not update itself. */
  update: z.optional(HelloUpdate),
  /** Where the computer stands in its own network, and whether this agent can look for neighbours there. */
  network: z.optional(
    z.object({
      addresses: z.array(text(15, 7)).check(z.maxLength(4)),
      looks: z.boolean(),
      /** Default routes: address, and network card where it is known. */
      gateways: z.optional(z.array(z.object({ address: text(45, 2), card: z.optional(text(17, 17)) })).check(z.maxLength(4))),
    }),
  ),
  /** Sleep since the last hello that was welcomed, oldest first: what looked like a loss was none. */
  slept: z.optional(z.array(Slept).check(z.maxLength(8))),
});
export type Hello = z.infer<typeof Hello>;

const isRow = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
/**
 * What a check measured, which its own schema parses. Nothing of it is copied here: a record's copy, key by key, took the server a
 * twentieth of its time for a sample.
 */
const Measured = z.custom<Record<string, unknown>>(isRow);

/** One measurement of one check instance. Exactly one of ok, noData, failed. */
export const Sample = z.object({
  /** Number of the check instance. */
  check: whole(0, 32_767),
  /** When it was measured, by the agent's clock. */
  at: Moment,
  selectionVersion: whole(0),
  tookMs: z.number().check(z.gte(0), z.lte(3_600_000)),
  ok: z.optional(Measured),
  noData: z.optional(text(500)),
  failed: z.optional(CollectFailure),
  detail: z.optional(text(2_000)),
});
export type Sample = z.infer<typeof Sample>;

export const Batch = z.object({
  type: z.literal("batch"),
  stream: Id,
  sequence: whole(1),
  /** The agent's clock when it sent the message; with the receive time it yields the clock's offset. */
  sentAt: Moment,
  samples: z.array(Sample).check(z.minLength(1), z.maxLength(samplesPerBatchLimit)),
});
export type Batch = z.infer<typeof Batch>;

/** The computer or the agent ends in an orderly way: no silence alarm. */
export const Goodbye = z.object({
  type: z.literal("goodbye"),
  reason: z.enum(["shutdown", "restart", "sleep", "agent-stop", "agent-update"]),
  at: Moment,
});

/** Sign of life of an agent that has nothing to send. Agents send a ping of the WebSocket instead, which is shorter; older ones sent this. */
export const Heartbeat = z.object({ type: z.literal("heartbeat"), agentTime: Moment });

/** How an update goes on. Only to a server whose welcome says that it knows of updates. */
export const UpdateReport = z.object({
  type: z.literal("update-report"),
  /** Empty for an offer that was refused before its version could be believed. */
  version: text(40),
  state: z.enum(["downloading", "starting", "confirmed", "refused", "failed"]),
  /** Of docs/agent-updates.md; empty when there is none. */
  code: text(40),
  detail: text(300),
  at: Moment,
});
export type UpdateReport = z.infer<typeof UpdateReport>;

/** What came of looking for a neighbour. null: it could not be told. */
export const Seen = z.object({
  type: z.literal("seen"),
  request: whole(1),
  /** It took a connection or refused it. */
  answers: z.nullable(z.boolean()),
  /** Its address resolves to a network card. */
  resolves: z.nullable(z.boolean()),
});
export type Seen = z.infer<typeof Seen>;

/** Somebody who is signed in at the computer, by one session. */
export const SignedInPerson = z.object({
  /** As the system calls the account; on Windows with its domain, such as KANZLEI\\m.muster. */
  name: text(120, 1),
  by: z.enum(signedInWays),
  /** null where the system does not say. */
  since: z.nullable(Moment),
  /** null where the system does not say. */
  state: z.nullable(z.enum(signedInStates)),
});
export type SignedInPerson = z.infer<typeof SignedInPerson>;

/** Who is signed in now. Only to a server that asks. */
export const SignedIn = z.object({
  type: z.literal("signed-in"),
  /** Empty when nobody is; null when it cannot be told. */
  people: z.nullable(z.array(SignedInPerson).check(z.maxLength(signedInLimit))),
  /** Sessions beyond those. */
  others: whole(0, 100_000),
});
export type SignedIn = z.infer<typeof SignedIn>;

export const AgentMessage = z.discriminatedUnion("type", [Hello, Batch, Goodbye, Heartbeat, UpdateReport, Seen, SignedIn]);
export type AgentMessage = z.infer<typeof AgentMessage>;
