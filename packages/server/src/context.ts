/**
 * Who acts, for whom, and with what. Every verb gets a `Context`; every transaction is opened for one, so that the database
 * knows the provider and the customers that the actor may touch (the second wall).
 */
import type { Scope } from "@hauswart/protocol/api/route.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Services } from "./services.ts";

/** Who did it. Stands in every audit row. */
export type Actor =
  | { kind: "technician"; id: Id; name: string; sessionId: Id }
  /** Without a session, by the link in a mail to somebody on call. */
  | { kind: "technician"; id: Id; name: string; sessionId?: undefined; callId: Id }
  | { kind: "api-key"; id: Id; name: string }
  | { kind: "agent"; id: Id; name: string }
  | { kind: "system"; id: string; name: string };

export interface Context {
  readonly services: Services;
  readonly providerId: Id;
  /** Customers that the actor may touch: all, or these. */
  readonly customers: "*" | readonly Id[];
  readonly scopes: ReadonlySet<Scope> | "*";
  readonly actor: Actor;
  readonly language: Language;
  /** A second factor is wanted of this account and it has none: it may set one up and nothing else. */
  readonly owesFactor?: boolean;
  /** Network address of the caller; empty for jobs. */
  readonly address: string;
}

/** What a verb gets. Parsed input, never raw. */
export interface Verb<Input> {
  readonly ctx: Context;
  readonly input: Input;
}

/** Somebody who has not said who they are. */
export interface Caller {
  readonly services: Services;
  /** Network address of the caller. */
  readonly address: string;
  readonly userAgent: string;
  /** Token that came with the request, whether it is good or not; undefined when there was none. */
  readonly token: string | undefined;
}

/** What the verb of a route without sign-in gets. */
export interface PublicVerb<Input> {
  readonly caller: Caller;
  readonly input: Input;
}

/** Context of a job of the server itself. `name` says which, in whole words. */
export function systemContext(services: Services, providerId: Id, name: string): Context {
  return { services, providerId, customers: "*", scopes: "*", actor: { kind: "system", id: name, name }, language: "de", address: "" };
}
