/** What each system's scheduler tells, and how it is put together with what was known before. Pure. */
import { clip, subjectLimit, textLimit } from "@hauswart/agent/readers/clip.ts";
import { keptRows, keptText, latest, moment } from "@hauswart/agent/readers/kept-rows.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import type { NoDataCodeOf, SampleOf, SelectionOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { scheduledJobs } from "../protocol.ts";

export type Sample = SampleOf<typeof scheduledJobs>;
export type Selection = SelectionOf<typeof scheduledJobs>;
type Row = Sample["jobs"][number];

/** A job as its scheduler shows it now. Moments are Unix time in milliseconds. */
export interface FoundJob extends Omit<Row, "watchedSince"> {
  /** How often it ran, where the scheduler counts that and tells no time. */
  readonly runs?: number;
}

export interface ReadContext {
  readonly os: Os;
  readonly selection: Selection;
  readonly nowMs: number;
  /** As long as the process lives. */
  readonly values: Map<string, unknown>;
}

/** The jobs that the selection means. Throws OsError. */
export type ReadJobs = (context: ReadContext) => Promise<Collected<readonly FoundJob[], NoDataCodeOf<typeof scheduledJobs>>>;

interface Remembered {
  readonly watchedSince: number;
  readonly result: Row["result"];
  readonly lastRunAt: number | null;
  readonly lastSuccessAt: number | null;
  readonly problem: string;
  readonly runs: number | null;
}

export type RememberedJobs = Readonly<Record<string, Remembered>>;

const rowLimit = 200;
const results: readonly string[] = ["success", "failed", "started", "never", "unknown"] satisfies Row["result"][];

/** What the host kept over a restart; anything that is not what was put there counts as nothing. */
export const rememberedFrom = (kept: unknown): RememberedJobs =>
  keptRows(kept, ({ result, ...rest }): Remembered | undefined => {
    const watchedSince = moment(rest["watchedSince"]);
    if (watchedSince === null || !results.includes(result as string)) return undefined;
    return {
      watchedSince,
      result: result as Row["result"],
      lastRunAt: moment(rest["lastRunAt"]),
      lastSuccessAt: moment(rest["lastSuccessAt"]),
      problem: keptText(rest["problem"]),
      runs: moment(rest["runs"]),
    };
  });

export interface Told {
  readonly sample: Sample;
  readonly remembered: RememberedJobs;
}

export function tell(found: readonly FoundJob[], before: RememberedJobs, nowMs: number): Told {
  const remembered: Record<string, Remembered> = {};
  const rows = new Map<string, Row>();
  for (const { runs, ...job } of found) {
    const name = clip(job.name, subjectLimit);
    if (rows.has(name) || rows.size >= rowLimit) continue;
    const known = refresh({ ...job, runs }, before[name], nowMs);
    remembered[name] = known;
    rows.set(name, {
      name,
      scheduler: job.scheduler,
      state: job.state,
      result: known.result,
      lastRunAt: known.lastRunAt,
      lastSuccessAt: known.lastSuccessAt,
      runningSince: moment(job.runningSince),
      watchedSince: known.watchedSince,
      problem: known.problem,
    });
  }
  const jobs = [...rows.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  return { sample: { jobCount: jobs.length, jobs }, remembered };
}

/** While a job runs, and after a restart, the run before is what is known. */
function refresh(job: FoundJob, known: Remembered | undefined, nowMs: number): Remembered {
  const counted = countedRun(job, known, nowMs);
  const isKnown = job.result !== "unknown" && job.result !== "never";
  const lastRunAt = latest(moment(job.lastRunAt) ?? counted, known?.lastRunAt ?? null);
  const success = job.result === "success" ? (moment(job.lastRunAt) ?? counted) : null;
  return {
    watchedSince: known?.watchedSince ?? nowMs,
    result: isKnown ? job.result : (known?.result ?? job.result),
    lastRunAt,
    lastSuccessAt: latest(latest(moment(job.lastSuccessAt), success), known?.lastSuccessAt ?? null),
    problem: clip(isKnown ? job.problem : (known?.problem ?? ""), textLimit),
    runs: job.runs ?? null,
  };
}

/** A scheduler that only counts: when the count has risen, it ran since the last look. */
function countedRun({ runs }: FoundJob, known: Remembered | undefined, nowMs: number): number | null {
  if (runs === undefined || known === undefined || known.runs === null) return null;
  return runs > known.runs || (runs < known.runs && runs > 0) ? nowMs : null;
}
