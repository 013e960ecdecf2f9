/** What can happen to a finding, whoever noticed it: a judge, the gateway, the watch over silent devices. */
import type { Evidence } from "@hauswart/protocol/check.ts";
import type { Id } from "@hauswart/protocol/ids.ts";

/** What a finding is about. With code and subject it is the key: at most one finding is open for it. */
export interface FindingScope {
  /** null for findings about the server itself, which belong to the whole provider. */
  readonly customerId: Id | null;
  readonly siteId: Id | null;
  readonly deviceId: Id | null;
  /** Check id; `device` for findings about the device itself, `server` for those about the server. */
  readonly check: string;
  readonly checkNumber: number | null;
  readonly instance: string;
}

/**
 * Why a finding closed. The console and the mails have a text for each.
 * - recovered: the evidence is good again. subject-gone: the volume, service … is no longer there.
 * - returned: the device is back. noted: it happened once, and somebody has taken note. enrolled-anew: the device got a new key.
 * - check-ended: nobody wants the check any more (written by policies). revoked: nobody wants the device any more.
 */
export type CloseReason = "recovered" | "subject-gone" | "returned" | "noted" | "enrolled-anew" | "check-ended" | "revoked";

interface About {
  readonly scope: FindingScope;
  readonly code: string;
  readonly subject: string;
  /** When the evidence was taken, Unix milliseconds. */
  readonly atMs: number;
}

export type FindingChange =
  | (About & {
      readonly kind: "open";
      readonly severity: "warning" | "failure";
      readonly evidence: Evidence;
      /** Nobody is told before then, Unix milliseconds, and nobody at all if it closes earlier; null = at once. */
      readonly noticeDueAtMs: number | null;
      /** When the fault began, where that is known to be earlier than its evidence, Unix milliseconds: decides whether it belongs to a maintenance window. */
      readonly beganAtMs?: number;
    })
  | (About & { readonly kind: "change"; readonly severity: "warning" | "failure"; readonly evidence: Evidence })
  | (About & { readonly kind: "close"; readonly reason: CloseReason; readonly evidence: Evidence | null });

/** Two changes of one finding have the same key. */
export function keyOfChange({ scope, code, subject }: FindingChange): string {
  return [scope.customerId ?? "", scope.deviceId ?? "", scope.check, scope.instance, code, subject].join("\n");
}
