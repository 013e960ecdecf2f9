/**
 * What the agent asks of the network: the shape that features work against, and that tests answer from made input. Loaded when
 * first used. Each kind of question is asked only so often at a time; the others wait their turn.
 */

import type { SnmpCalls } from "./snmp/calls.ts";
import type { WebsiteAnswer, WebsiteQuestion } from "./website/calls.ts";

export { SnmpError, type SnmpAccess, type SnmpRow, type SnmpSession, type SnmpTarget, type SnmpValue } from "./snmp/calls.ts";
export type { WebsiteAnswer, WebsiteQuestion } from "./website/calls.ts";

/** Which addresses are wanted: those that come first, or one kind alone. */
export type AddressFamily = "any" | "ipv4" | "ipv6";

export interface NetworkAddress {
  readonly address: string;
  readonly family: "ipv4" | "ipv6";
}

/** Why a name led to no address. not-found: it has none; no-answer: nobody who knows could be asked. */
export type WhyNoAddress = "not-found" | "no-answer";

export interface EchoQuestion {
  readonly target: NetworkAddress;
  readonly count: number;
  readonly intervalMs: number;
  /** How long an answer may take. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface EchoAnswer {
  readonly sentCount: number;
  /** One for each answered packet, in the order of sending. */
  readonly roundTripsMs: readonly number[];
  /** A router, or this computer itself, said that the target cannot be reached. */
  readonly isReportedUnreachable: boolean;
}

/** Nothing could be sent: it says nothing about the target. no-route: this computer has no way to it. */
export interface EchoNotSent {
  readonly notSent: "no-route" | "not-permitted" | "unsupported";
  readonly detail: string;
}

export interface NetworkCalls {
  /** Whether an interface besides the loopback one is up and has an address. */
  isConnected(): boolean;
  /** IPv4 networks that this computer stands in, such as 192.168.1.0/24. */
  localNetworks(): readonly string[];
  /** Addresses of a name, or the address itself, in the system's own order. */
  resolve(name: string, family: AddressFamily): Promise<readonly NetworkAddress[] | WhyNoAddress>;
  /** ICMP echo, natively. */
  echo(question: EchoQuestion): Promise<EchoAnswer | EchoNotSent>;
  /** Asks a web server, redirects included. Never throws for what a server, a name or a network does. */
  website(question: WebsiteQuestion): Promise<WebsiteAnswer>;
  readonly snmp: SnmpCalls;
}
