/**
 * The one place that opens, changes and closes findings. Rows, events and notices are written in the caller's transaction;
 * what the bus hears leaves after its commit. Applying the same change twice does nothing the second time.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Actor } from "../context.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { keyOfChange, type FindingChange } from "./finding-change.ts";
import { adoptFollowers } from "./incident-statements.ts";
import { changeFindings, closeFindings, openFindings } from "./statements.ts";

/** A finding that really changed. */
export interface FindingEffect {
  readonly findingId: Id;
  readonly customerId: Id | null;
  readonly kind: "opened" | "changed" | "closed";
}

export interface ApplyOptions {
  readonly providerId: Id;
  /** Who noticed; stands in the finding's history. */
  readonly actor: Actor;
}

interface EffectRow {
  finding_id: Id;
  customer_id: Id | null;
  kind: FindingEffect["kind"];
  /** Opened, explains others, and is not explained itself. */
  is_cause: boolean;
}

/**
 * Applies changes in their order.
 * @returns what came of them; a change that found nothing to do (already open, already closed) is not among them.
 */
export async function applyFindingChanges(
  tx: Tx,
  services: Pick<Services, "bus">,
  { providerId, actor }: ApplyOptions,
  changes: readonly FindingChange[],
): Promise<FindingEffect[]> {
  const answers: Promise<EffectRow[]>[] = [];
  for (const round of inRounds(changes)) {
    for (const [kind, statement] of statements) {
      const rows = round.filter((change) => change.kind === kind);
      // They are worked on in the order they are sent; nothing needs to be waited for in between.
      if (rows.length > 0) answers.push(tx.sql<EffectRow>(statement, [providerId, JSON.stringify(rows.map(toRow)), JSON.stringify(actor)]));
    }
  }
  const rows = (await Promise.all(answers)).flat();
  const causes = rows.filter(({ is_cause }) => is_cause).map(({ finding_id }) => finding_id);
  if (causes.length > 0) await tx.sql(adoptFollowers, [providerId, causes]);
  const effects = rows.map((row): FindingEffect => ({ findingId: row.finding_id, customerId: row.customer_id, kind: row.kind }));
  if (effects.length > 0) tx.afterCommit(() => publishEffects(services, providerId, effects));
  return effects;
}

/** Tells the bus what happened to findings; for those who write findings with statements of their own. */
export function publishEffects({ bus }: Pick<Services, "bus">, providerId: Id, effects: readonly FindingEffect[]): void {
  bus.publish("finding-notices", { providerId });
  for (const { findingId, customerId, kind } of effects) {
    bus.publish("live", { providerId, kind: "finding", id: findingId, customerId, change: kind === "opened" ? "created" : kind });
  }
}

/** Close before open: what opens anew in the same round has another key, so the order between kinds does not matter within one. */
const statements = [
  ["close", closeFindings],
  ["change", changeFindings],
  ["open", openFindings],
] as const;

/** Splits changes so that no finding occurs twice in a round, and each finding's changes keep their order. */
function inRounds(changes: readonly FindingChange[]): FindingChange[][] {
  if (changes.length === 1) return [[changes[0]!]];
  const rounds: FindingChange[][] = [];
  const nextRound = new Map<string, number>();
  for (const change of changes) {
    const key = keyOfChange(change);
    const round = nextRound.get(key) ?? 0;
    nextRound.set(key, round + 1);
    (rounds[round] ??= []).push(change);
  }
  return rounds;
}

const timestamp = (atMs: number) => new Date(atMs).toISOString();

function toRow(change: FindingChange): Record<string, unknown> {
  const { scope, code, subject, atMs, evidence } = change;
  return {
    customer_id: scope.customerId,
    site_id: scope.siteId,
    device_id: scope.deviceId,
    check_id: scope.check,
    check_number: scope.checkNumber,
    instance: scope.instance,
    code,
    subject,
    at: timestamp(atMs),
    began: timestamp(change.kind === "open" ? (change.beganAtMs ?? atMs) : atMs),
    evidence,
    severity: change.kind === "close" ? null : change.severity,
    reason: change.kind === "close" ? change.reason : null,
    notice_due_at: change.kind === "open" && change.noticeDueAtMs !== null ? timestamp(change.noticeDueAtMs) : null,
  };
}
