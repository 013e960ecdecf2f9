/** What a row of the device page shows of a check. Pure, tested beside. */
import type { DeviceCheck } from "@hauswart/protocol/api/models.ts";
import type { CheckState } from "@hauswart/protocol/check.ts";

export type SubjectState = DeviceCheck["subjects"][number];
export type Source = DeviceCheck["sources"][string];

const rank: Record<CheckState, number> = { failure: 3, warning: 2, unknown: 1, ok: 0 };

/** Worst first; equals keep their order. */
export function worstFirst<Item extends { state: CheckState }>(items: readonly Item[]): Item[] {
  return [...items].sort((one, other) => rank[other.state] - rank[one.state]);
}

/**
 * One row per subject, with the verdict that tells most: the worst, and among equals the first that carries the headline's
 * value. The judge may have looked at several things of a subject.
 * @param headline series field, `field` or `list.field`.
 */
export function subjectsOf(check: DeviceCheck, headline: string): SubjectState[] {
  const value = headline.slice(headline.lastIndexOf(".") + 1);
  const tells = (verdict: SubjectState) => rank[verdict.state] * 2 + (value in verdict.evidence ? 1 : 0);
  const bySubject = new Map<string, SubjectState>();
  for (const verdict of check.subjects) {
    const known = bySubject.get(verdict.subject);
    if (!known || tells(verdict) > tells(known)) bySubject.set(verdict.subject, verdict);
  }
  return worstFirst([...bySubject.values()]);
}

/** Everything that the judge noted about one subject. */
export function evidenceOf(check: DeviceCheck, subject: string): SubjectState["evidence"] {
  return Object.assign(
    {},
    ...check.subjects.filter((verdict) => verdict.subject === subject).map(({ evidence }) => evidence),
  ) as SubjectState["evidence"];
}

/** How special a source is: what stands closer to the device wins. */
const closeness: Record<Source["scope"], number> = { default: 0, provider: 1, customer: 2, site: 3, tag: 4, device: 5 };

/** The policy to name in one line: the one closest to the device among those that set anything. */
export function closestSource(check: DeviceCheck): Source | undefined {
  return Object.values(check.sources).reduce<Source | undefined>(
    (best, source) => (best && closeness[best.scope] >= closeness[source.scope] ? best : source),
    undefined,
  );
}

/** Checks worst first, then by name. */
export function orderChecks(checks: readonly DeviceCheck[], nameOf: (check: DeviceCheck) => string, locale: string): DeviceCheck[] {
  return [...checks].sort(
    (one, other) => rank[other.state] - rank[one.state] || nameOf(one).localeCompare(nameOf(other), locale) || one.number - other.number,
  );
}
