/**
 * What is lost again and again (a line that drops every 20 minutes) becomes one finding that stays open until there is calm, by the
 * rule and the engine of every check (evaluate/judge-damped.ts). There is no judged state of presence: what the engine remembers is
 * read from the findings themselves, of which only those count that somebody was told of.
 */
import { flapsOf } from "@hauswart/protocol/flapping.ts";
import type { Evidence } from "@hauswart/protocol/check.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { siteCheckId } from "@hauswart/protocol/site-findings.ts";
import { usualFlapping } from "@hauswart/protocol/usual-flapping.ts";
import type { Tx } from "../database/database.ts";
import type { DampingInput } from "../evaluate/damping.ts";
import { judgeDamped, withFlaps } from "../evaluate/judge-damped.ts";
import type { BadSubject } from "../evaluate/judged-state.ts";
import { applyFindingChanges, publishEffects, type ApplyOptions, type FindingEffect } from "../findings/apply.ts";
import type { FindingChange, FindingScope } from "../findings/finding-change.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";

/** A device or a site that was found to be lost, or to be there again. */
export interface Sighting {
  readonly scope: FindingScope;
  /** silent or offline; the same one in a call. */
  readonly code: string;
  readonly atMs: number;
  /** null: it is there. */
  readonly lost: { readonly evidence: Evidence; readonly beganAtMs: number } | null;
}

/** How long it has to be there without a break, after which what comes and goes is over. */
export const calmMs = usualFlapping.calmMinutes * 60_000;

/** @returns findings that opened or closed. While one flaps, neither its return nor its next loss is among them. */
export async function applySightings(
  tx: Tx,
  services: Pick<Services, "bus">,
  options: ApplyOptions,
  sightings: readonly Sighting[],
): Promise<FindingEffect[]> {
  if (sightings.length === 0) return [];
  const known = await readKnown(tx, options.providerId, sightings);
  const judged = sightings.map((sighting) => judge(sighting, known.get(whom(sighting.scope))));
  const changes = judged.flatMap(({ change }) => change ?? []);
  const turns = judged.flatMap(({ turn }) => turn ?? []);
  const effects = changes.length === 0 ? [] : await applyFindingChanges(tx, services, options, changes);
  if (turns.length === 0) return effects;
  const turned = await tx.sql<{ finding_id: Id; customer_id: Id | null }>(turnFindings, [options.providerId, JSON.stringify(turns)]);
  const live = turned.map(({ finding_id, customer_id }) => ({ findingId: finding_id, customerId: customer_id, kind: "changed" as const }));
  tx.afterCommit(() => publishEffects(services, options.providerId, live));
  return effects;
}

const whom = ({ deviceId, siteId }: FindingScope) => deviceId ?? siteId;

interface FoundRow {
  readonly about_id: Id;
  readonly finding_id: Id;
  readonly opened_at: Date;
  readonly is_open: boolean;
  readonly is_told: boolean;
  readonly calm_since: Date | null;
  readonly evidence: Evidence;
}

/** $1 the provider, $2 check, $3 code, $4 whom, $5 since when openings count. */
const foundOf = (column: "device_id" | "site_id") => `
  select ${column} as about_id, finding_id, opened_at, closed_at is null as is_open, noticed_at is not null as is_told, calm_since, evidence
  from hauswart.finding
  where provider_id = $1 and check_id = $2 and code = $3 and ${column} = any($4::uuid[])
    and (closed_at is null or (opened_at > $5::timestamptz and noticed_at is not null))
  order by opened_at`;

async function readKnown(tx: Tx, providerId: Id, sightings: readonly Sighting[]): Promise<Map<Id | null, FoundRow[]>> {
  const [{ scope, code, atMs }] = sightings as [Sighting, ...Sighting[]];
  const rows = await tx.sql<FoundRow>(foundOf(scope.check === siteCheckId ? "site_id" : "device_id"), [
    providerId,
    scope.check,
    code,
    sightings.map((sighting) => whom(sighting.scope)),
    isoTime(atMs - usualFlapping.withinMinutes * 60_000),
  ]);
  return Map.groupBy(rows, ({ about_id }) => about_id);
}

/** What becomes of a finding that stays open: it is there since, or is lost anew. */
interface Turn {
  readonly finding_id: Id;
  readonly at: string;
  /** null: it is there. */
  readonly evidence: Evidence | null;
}

function judge({ scope, code, atMs, lost }: Sighting, found: readonly FoundRow[] = []): { change?: FindingChange; turn?: Turn } {
  const open = found.find(({ is_open }) => is_open);
  const known = subjectOf(code, found, open);
  // What lies between two looks is no gap: whoever is lost meanwhile is told by the link.
  const damping: DampingInput = { rule: { flapping: usualFlapping }, atMs, longestStepMs: Number.POSITIVE_INFINITY };
  const verdict = { code, subject: "", state: lost ? "failure" : "ok", evidence: lost?.evidence ?? {} } as const;
  const { kept, change } = judgeDamped({ known, verdict, strict: undefined, limit: 1, isAgain: false, damping });
  const about = { scope, code, subject: "", atMs };
  if (change?.kind === "close") return { change: { kind: "close", ...about, reason: "returned", evidence: null } };
  if (change && lost) {
    const { severity, evidence } = change;
    return { change: { kind: "open", ...about, severity, evidence, noticeDueAtMs: null, beganAtMs: lost.beganAtMs } };
  }
  const isTurn = open && (kept?.damped?.run === undefined) !== (open.calm_since === null);
  if (!isTurn) return {};
  return { turn: { finding_id: open.finding_id, at: isoTime(atMs), evidence: lost && withFlaps(lost.evidence, kept?.damped?.flaps) } };
}

/** As the engine would remember it. Openings from before a flapping that has ended are forgotten with it. */
function subjectOf(code: string, found: readonly FoundRow[], open: FoundRow | undefined): BadSubject | undefined {
  const closed = found.filter(({ is_open }) => !is_open);
  const openedMs = closed.slice(closed.findLastIndex(({ evidence }) => flapsOf(evidence)) + 1).map(({ opened_at }) => opened_at.getTime());
  if (!open) return openedMs.length === 0 ? undefined : { code, subject: "", failures: 0, open: null, damped: { openedMs } };
  const flaps = open.is_told ? flapsOf(open.evidence) : undefined;
  if (!flaps) return { code, subject: "", failures: 1, open: "failure" };
  const run = open.calm_since && { samples: 1, lastedMs: 0, atMs: open.calm_since.getTime() };
  const damped = { flaps: { count: flaps.flapCount, sinceMs: flaps.flapsSinceAtMs }, ...(run && { run }) };
  return { code, subject: "", failures: 1, open: "failure", damped };
}

/** $1 the provider, $2 turns as JSON. Nobody is told; what is lost anew shows how it is lost now. */
const turnFindings = `
  update hauswart.finding f set calm_since = case when t.evidence is null then t.at end,
    evidence = coalesce(t.evidence, f.evidence), evidence_at = case when t.evidence is null then f.evidence_at else t.at end
  from jsonb_to_recordset($2::text::jsonb) as t(finding_id uuid, at timestamptz, evidence jsonb)
  where f.provider_id = $1 and f.finding_id = t.finding_id and f.closed_at is null and (f.calm_since is null) = (t.evidence is null)
  returning f.finding_id, f.customer_id`;
