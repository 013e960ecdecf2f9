/** The double's audit log: what fits a filter, and what came of verifying it. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import type { AuditVerification } from "@hauswart/protocol/api/audit.ts";
import type { Input } from "@hauswart/protocol/api/routes.ts";
import type { World } from "./world.ts";

type Filter = Omit<Input<"listAudit">, "cursor" | "limit">;

const holds = (text: string, wanted: string | undefined) => !wanted || text.toLowerCase().includes(wanted.toLowerCase());

export function fitsAudit(
  entry: ItemOf<"listAudit">,
  { customerId, action, actor, actorKind, subject, search, from, to }: Filter,
): boolean {
  const about = [entry.action, entry.actor.name, entry.subjectKind, entry.subjectId, JSON.stringify(entry.detail)].join(" ");
  return (
    (!customerId || entry.customerId === customerId) &&
    (!action || entry.action === action || entry.action.startsWith(`${action}.`)) &&
    holds(entry.actor.name, actor) &&
    (!actorKind || entry.actor.kind === actorKind) &&
    (!subject || entry.subjectKind === subject || entry.subjectId === subject) &&
    holds(about, search) &&
    (!from || entry.at >= from) &&
    (!to || entry.at < to)
  );
}

export function verificationOf({ audit, nowMs }: World): AuditVerification {
  const sealed = audit.filter((entry) => entry.sealed);
  return {
    verifiedAt: new Date(nowMs()).toISOString(),
    verifiedUntil: sealed[0]?.at ?? null,
    entries: audit.length,
    unsealed: audit.length - sealed.length,
    seals: Math.ceil(sealed.length / 7),
    head: "5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592",
    problemCount: 0,
    problems: [],
  };
}
