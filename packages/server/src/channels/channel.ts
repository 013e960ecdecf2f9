/**
 * What a way to tell somebody by HTTP is. Each is a folder of the same shape: what is to be said becomes a body, which is stored; an
 * attempt makes a request from it; the answer becomes a verdict. Claims, retries and states are the outbox's (outbox/deliver.ts).
 */
import type { Severity } from "../mail/render/mail-texts.ts";

/** Mails have an outbox of their own, because one of them speaks to several people at once. */
export type PersonChannelName = "teams" | "ntfy" | "push";
export type HttpChannelName = "webhook" | PersonChannelName;

export type Tone = Severity | "over";

/** What is to be said, in the reader's language. */
export interface ChannelMessage {
  readonly title: string;
  readonly tone: Tone;
  readonly items: readonly ChannelItem[];
  /** Findings beyond those in `items`, in words; empty for none. */
  readonly more: string;
  /** Where the console shows it. */
  readonly link: string;
  readonly button: string;
  /** Messages with the same tag replace each other on a screen. */
  readonly tag: string;
}

export interface ChannelItem {
  readonly tone: Tone;
  /** State in a word: "Failure", "Resolved". */
  readonly state: string;
  readonly title: string;
  /** Device and place, in one line. */
  readonly where: string;
  readonly facts: readonly { readonly label: string; readonly text: string }[];
  readonly link: string;
}

/** Where a delivery goes, its secrets opened. */
export interface ChannelTarget {
  /** webhook, Teams: the address; ntfy: the topic's; push: the subscription's. */
  readonly url: string;
  /** webhook: signing secret; ntfy: access token or empty; push: see push/request.ts. */
  readonly secret: string;
  /** Whether the address may lead into the server's own network (reach.ts). */
  readonly reachesInside: boolean;
  readonly deliveryId: string;
  readonly nowMs: number;
}

export interface ChannelRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** gone: the receiver wants no more. */
export type Verdict = "accepted" | "deferred" | "refused" | "gone";

export interface HttpChannel {
  request(target: ChannelTarget, body: string): ChannelRequest;
  /** Of an answer outside of 200 to 299. */
  verdictOf(status: number): Exclude<Verdict, "accepted">;
}

/** A way to a person. Webhooks' bodies are the API's events (webhooks/queue-deliveries.ts). */
export interface PersonChannel extends HttpChannel {
  /** The body as it is stored. */
  compose(message: ChannelMessage): string;
}

/** Statuses after which the same request may well succeed (RFC 9110, RFC 6585). */
export const isTemporary = (status: number): boolean => status >= 500 || [408, 425, 429].includes(status);

/** For services that say 4xx when the address or the key is wrong: trying again changes nothing. */
export const strictVerdict = (status: number): "deferred" | "refused" => (isTemporary(status) ? "deferred" : "refused");
