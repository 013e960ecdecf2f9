/** What the server's parts share. Made once, in main.ts; tests make their own. */
import type { AnyCheck, Judge } from "@hauswart/protocol/check.ts";
import type { CheckMessageCatalogue } from "@hauswart/protocol/messages.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Bus } from "./bus/bus.ts";
import type { Database } from "./database/database.ts";
import type { Logger } from "./operation/log.ts";
import type { OwnAuthority } from "./own-authority/own-authority.ts";
import type { Metrics } from "./operation/metrics.ts";
import type { SealedBox } from "./secrets/sealed-box.ts";
import type { Settings } from "./settings.ts";

/** A check as the server knows it: declaration, judge and texts. A feature exports an array of these from `server/index.ts`. */
export interface JudgedCheck {
  readonly definition: AnyCheck;
  readonly judge: Judge<AnyCheck>;
  readonly messages: CheckMessageCatalogue<AnyCheck>;
}

/** All checks by id; built from the feature folders. */
export type CheckRegistry = ReadonlyMap<string, JudgedCheck>;

/** Unix time in milliseconds. Tests hand in their own. */
export interface Clock {
  now(): number;
}

export interface Services {
  /** This server process; new at each start. */
  readonly processId: Id;
  readonly settings: Settings;
  readonly database: Database;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly checks: CheckRegistry;
  /** The server's own Ed25519 identity, which agents pin. */
  readonly identity: Identity;
  /** The authority of the server's own certificate; undefined where the certificate is from elsewhere. */
  readonly ownAuthority?: OwnAuthority | undefined;
  /** Why a renewed certificate is not in use; undefined when all is well or TLS does not end here. */
  readonly certificateProblem?: () => string | undefined;
  /** That this installation was restored from a backup; what agents sent between the two moments may be missing. Unix milliseconds. */
  readonly restored?: { readonly snapshotAtMs: number; readonly restoredAtMs: number } | undefined;
  /** Seals what the database keeps but must not be able to tell. */
  readonly secrets: SealedBox;
}

export interface Identity {
  /** Raw public key, base64. */
  readonly publicKey: string;
  /** Signature, base64. */
  sign(message: Uint8Array): string;
}
