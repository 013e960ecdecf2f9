/** What an agent's messages lead to. Whatever arrives, the worst outcome is that this one connection ends. */
import { randomBytes } from "node:crypto";
import { AgentMessage, Batch, type Hello, type UpdateReport } from "@hauswart/protocol/wire/messages.ts";
import { oldestProtocolVersion, protocolVersion } from "@hauswart/protocol/wire/versions.ts";
import { compile } from "zod";
import { parseMessage } from "../ingest/clean-message.ts";
import type { DeviceMemory } from "../ingest/device-memory.ts";
import type { GroupCommit } from "../ingest/group-commit.ts";
import type { IngestMetrics } from "../ingest/ingest-metrics.ts";
import { takeInBatch, type Oddities } from "../ingest/take-in-batch.ts";
import type { TakeInNeeds } from "../ingest/take-in-sample.ts";
import type { Services } from "../services.ts";
import { noteReport } from "../updates/note-standing.ts";
import type { AgentLink } from "./agent-link.ts";
import type { Care } from "./care.ts";
import { Desk } from "./desk.ts";
import type { Doorway } from "./doorway.ts";
import type { Farewell } from "./farewells.ts";
import type { GatewayMetrics } from "./gateway-metrics.ts";
import type { Introduction } from "./recognise-devices.ts";
import { unpackMessage } from "./unpack-message.ts";
import type { Saying } from "./signed-in-desk.ts";
import type { Witnesses } from "./witnesses.ts";

/** Nearly all messages are batches. */
const CompiledBatch = compile(Batch);

/** Messages of one link that wait for a commit of their own. */
const mostHeld = 256;

/** A hello with a long list of gaps and sleeps is a few kB. */
const helloLimitCharacters = 64 * 1024;

export interface ReceiveNeeds {
  readonly services: Services;
  readonly care: Care;
  readonly commits: GroupCommit;
  readonly welcomes: Desk<Introduction>;
  readonly farewells: Desk<Farewell>;
  readonly signedIn: Desk<Saying>;
  readonly takeIn: TakeInNeeds;
  readonly witnesses: Witnesses;
  readonly doorway: Doorway;
  /** Messages of all agents so far. */
  received: number;
  readonly metrics: { readonly gateway: GatewayMetrics; readonly ingest: IngestMetrics };
}

/** A connection is open: the agent gets a nonce to sign. */
export function challenge({ services }: ReceiveNeeds, link: AgentLink): void {
  link.openedAtMs = performance.now();
  link.heard();
  link.nonce = randomBytes(32).toString("base64");
  link.send({
    type: "challenge",
    nonce: link.nonce,
    versions: { oldest: oldestProtocolVersion, newest: protocolVersion },
    serverTime: services.clock.now(),
  });
}

/** A message has arrived. */
export function receive(needs: ReceiveNeeds, link: AgentLink, text: string): void {
  if (link.state === "closed" || needs.care.isEnding) return;
  link.heard();
  needs.received++;
  if (link.held === undefined) return handle(needs, link, text);
  if (link.held.length >= mostHeld) needs.care.refuse(link, "SERVER_BUSY");
  else link.held.push(text);
}

/** A packed message has arrived. Only those are unpacked who have shown who they are: others could make the server work for nothing. */
export function receivePacked(needs: ReceiveNeeds, link: AgentLink, packed: Uint8Array): void {
  if (link.state === "closed" || needs.care.isEnding) return;
  if (link.state !== "current") return needs.care.refuse(link, "MESSAGE_MALFORMED", "packed before welcome");
  let text: string;
  try {
    text = unpackMessage(packed);
  } catch {
    return needs.care.refuse(link, "MESSAGE_MALFORMED", "cannot be unpacked");
  }
  receive(needs, link, text);
}

/** The message before is committed: those that waited for it go on. */
export function releaseHeld(needs: ReceiveNeeds, link: AgentLink): void {
  const held = link.held ?? [];
  link.held = undefined;
  while (held.length > 0) {
    // One of them may have to be waited for again.
    if (link.held !== undefined) return void (link.held as string[]).push(...held);
    handle(needs, link, held.shift()!);
  }
}

function handle(needs: ReceiveNeeds, link: AgentLink, text: string): void {
  // Who has not shown who it is makes nobody parse much.
  if (link.state !== "current" && text.length > helloLimitCharacters)
    return needs.care.refuse(link, "MESSAGE_MALFORMED", "too large before welcome");
  let raw: unknown;
  try {
    raw = parseMessage(text);
  } catch {
    return needs.care.refuse(link, "MESSAGE_MALFORMED", "not JSON");
  }
  const isBatch = typeof raw === "object" && raw !== null && (raw as { type?: unknown }).type === "batch";
  if (isBatch && link.state !== "current") return needs.care.refuse(link, "MESSAGE_MALFORMED", "batch before welcome");
  const parsed = isBatch ? CompiledBatch.safeParse(raw) : AgentMessage.safeParse(raw);
  if (!parsed.success) return needs.care.refuse(link, "MESSAGE_MALFORMED", firstProblem(parsed.error.issues));
  const message = parsed.data;
  if (message.type === "hello") return hello(needs, link, message);
  if (link.state !== "current" || !link.device) return needs.care.refuse(link, "MESSAGE_MALFORMED", `${message.type} before welcome`);
  if (link.budget?.take(message.type, text.length, link.lastHeardAtMs) === false) return overBudget(needs, link);
  if (message.type === "batch") return batch(needs, link, link.device, message, text);
  if (message.type === "seen") return needs.witnesses.answered(link.device.identity, message);
  if (message.type === "signed-in") return needs.signedIn.add({ device: link.device, message, atMs: needs.services.clock.now() });
  if (message.type === "update-report") return updateReport(needs, link, link.device, message);
  if (message.type === "goodbye") return say(needs, link, link.device, "goodbye", message.reason);
  stayAwake(needs, link, link.device);
}

function overBudget({ services, care }: ReceiveNeeds, link: AgentLink): void {
  services.log.warn("a device sends more than any agent has to say; it is turned away", {
    deviceId: link.device?.identity.deviceId,
    address: link.address,
  });
  care.refuse(link, "SERVER_BUSY", "more than a device may send");
}

function firstProblem(issues: readonly { readonly path: readonly PropertyKey[]; readonly code?: string }[]): string {
  const issue = issues[0];
  return issue ? `${issue.path.map(String).join(".")}: ${issue.code ?? "invalid"}` : "does not fit its schema";
}

function hello(needs: ReceiveNeeds, link: AgentLink, message: Hello): void {
  if (link.state !== "challenged") return needs.care.refuse(link, "MESSAGE_MALFORMED", "a second hello");
  if (message.version < oldestProtocolVersion || message.version > protocolVersion)
    return needs.care.refuse(link, "PROTOCOL_UNSUPPORTED", `${oldestProtocolVersion} to ${protocolVersion}`);
  link.state = "introduced";
  needs.doorway.leave(link);
  needs.welcomes.add({ link, hello: message, nonce: link.nonce, clockOffsetMs: message.agentTime - needs.services.clock.now() });
  link.nonce = "";
}

function batch(needs: ReceiveNeeds, link: AgentLink, device: DeviceMemory, message: Batch, text: string): void {
  if (device.isForgotten) return;
  if (needs.commits.isFullFor(device)) return needs.care.refuse(link, "SERVER_BUSY");
  stayAwake(needs, link, device);
  const taken = takeInBatch(needs.takeIn, device, { batch: message, text, receivedAtMs: needs.services.clock.now() });
  switch (taken.kind) {
    case "taken":
      count(needs.metrics.ingest, taken.oddities);
      needs.commits.add(taken.batch);
      if (device.isAlone) link.held = [];
      return;
    case "duplicate":
      needs.metrics.gateway.duplicates.add();
      return acknowledge(link, device);
    case "diverged":
      needs.care.diverged.set(device.identity.deviceId, device.streamId);
      return needs.care.refuse(link, "STREAM_DIVERGED", `number ${message.sequence}`);
    case "out-of-order":
      return needs.care.refuse(link, "MESSAGE_MALFORMED", `number ${message.sequence} does not follow ${device.lastSequence}`);
  }
}

function count(metrics: IngestMetrics, { unplaced, clamped, repeated }: Oddities): void {
  if (unplaced > 0) metrics.unplaced.add(unplaced);
  if (clamped > 0) metrics.clamped.add(clamped);
  if (repeated > 0) metrics.repeated.add(repeated);
}

/** Everything up to the committed number is stored. Numbers of a stream that has not begun here are not acknowledged. */
export function acknowledge(link: AgentLink, device: DeviceMemory): void {
  if (device.committedSequence > 0 && !device.awaitsNewStream)
    link.send({ type: "acknowledge", stream: device.streamId, sequence: device.committedSequence });
}

/** Late or lost it harms nobody: the next hello says how the update ended. Of those that come while one is written, the newest counts. */
function updateReport({ services }: ReceiveNeeds, link: AgentLink, { identity }: DeviceMemory, report: UpdateReport): void {
  link.reports ??= new Desk<UpdateReport>({
    most: Infinity,
    work: (reports) => noteReport(services, identity, reports.at(-1)!),
    failed: (_, error) => {
      services.log.warn("what an agent said of its update could not be stored", { deviceId: identity.deviceId, error });
      return [];
    },
  });
  link.reports.add(report);
}

/** An agent that said goodbye and speaks again did not go. */
function stayAwake(needs: ReceiveNeeds, link: AgentLink, device: DeviceMemory): void {
  if (link.saidGoodbye) say(needs, link, device, "awake", null);
}

function say(
  { services, farewells }: ReceiveNeeds,
  link: AgentLink,
  device: DeviceMemory,
  kind: "goodbye" | "awake",
  reason: string | null,
): void {
  link.saidGoodbye = kind === "goodbye";
  farewells.add({ device, atMs: services.clock.now(), kind, reason });
}
