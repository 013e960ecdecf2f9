/** What is asked of a device by SNMP. */
import type { NetworkAddress } from "../calls.ts";

export type SnmpAuthentication = "none" | "md5" | "sha1" | "sha256" | "sha384" | "sha512";
/** aes256-cisco: with the key extension that Cisco made usual (draft-reeder-snmpv3-usm-3desede). */
export type SnmpPrivacy = "none" | "des" | "aes128" | "aes256" | "aes256-cisco";

export type SnmpAccess =
  | { readonly version: "v1" | "v2c"; readonly community: string }
  | {
      readonly version: "v3";
      readonly user: string;
      readonly authentication: SnmpAuthentication;
      readonly authenticationPassword: string;
      readonly privacy: SnmpPrivacy;
      readonly privacyPassword: string;
      readonly contextName: string;
    };

export interface SnmpTarget {
  readonly target: NetworkAddress;
  readonly port: number;
  readonly access: SnmpAccess;
  /** For one request, before it is sent again. */
  readonly timeoutMs: number;
  readonly retries: number;
  readonly signal: AbortSignal;
}

/** A value as the device wrote it. Numbers above 2^53 are bigint. */
export type SnmpValue =
  | { readonly kind: "integer" | "gauge" | "ticks" | "counter32"; readonly value: number }
  | { readonly kind: "counter64"; readonly value: bigint }
  | { readonly kind: "bytes"; readonly value: Uint8Array }
  | { readonly kind: "oid" | "address"; readonly value: string };

export interface SnmpRow {
  readonly oid: string;
  readonly value: SnmpValue;
}

/** no-answer: silence, which is also what a wrong community gets; refused: the device said no; broken: an answer that is none. */
export class SnmpError extends Error {
  override readonly name = "SnmpError";
  readonly reason: "no-answer" | "refused" | "broken";
  constructor(reason: SnmpError["reason"], detail: string) {
    super(detail);
    this.reason = reason;
  }
}

export interface SnmpSession {
  /** In the order of the question; undefined where the device has no such thing. Throws SnmpError. */
  get(oids: readonly string[]): Promise<(SnmpValue | undefined)[]>;
  /** Everything below, in the device's order, at most so many. Throws SnmpError. */
  walk(oid: string, limit: number): Promise<SnmpRow[]>;
}

export interface SnmpCalls {
  /** Opens a session, and closes it whatever comes of the work. */
  session<Result>(target: SnmpTarget, work: (session: SnmpSession) => Promise<Result>): Promise<Result>;
  /** The same for addresses where perhaps nobody is: they wait for each other and not for those that are known. */
  search<Result>(target: SnmpTarget, work: (session: SnmpSession) => Promise<Result>): Promise<Result>;
}
