/** What adapters find, and how it is put together with what was known before. Pure. */
import { clip, subjectLimit, textLimit } from "@hauswart/agent/readers/clip.ts";
import { keptRows, keptText, latest, moment } from "@hauswart/agent/readers/kept-rows.ts";
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import type { SampleOf, SelectionOf } from "@hauswart/protocol/check.ts";
import type { backupStatus } from "../protocol.ts";

export type Sample = SampleOf<typeof backupStatus>;
export type Selection = SelectionOf<typeof backupStatus>;
type Row = Sample["jobs"][number];

/** A job as its traces show it now. Moments are Unix time in milliseconds. */
export interface FoundJob {
  readonly name: string;
  readonly program: string;
  readonly evidence: Row["evidence"];
  /** Of the last run that has ended; unknown where the traces do not tell. */
  readonly result: Row["result"];
  readonly lastRunAt: number | null;
  readonly lastSuccessAt: number | null;
  readonly runningSince: number | null;
  readonly problem: string;
  /** Of a job that runs and can be read only while a person is signed in: who that is. */
  readonly owner?: string;
}

/** A program of which there are traces. */
export type FoundProgram = Sample["programs"][number];

export interface Findings {
  readonly jobs: readonly FoundJob[];
  readonly programs: readonly FoundProgram[];
  /** Who is signed in, by an adapter whose jobs have owners. */
  readonly signedIn?: readonly string[];
}

/** One backup program: looks for its traces on this system. What is not there is no error. Throws OsError for what is there and cannot be read. */
export interface Adapter {
  readonly program: string;
  read(about: AdapterContext): Promise<Findings>;
}

export interface AdapterContext {
  readonly os: Os;
  readonly selection: Selection;
  readonly nowMs: number;
  /** Of this adapter, as long as the process lives. */
  readonly values: Map<string, unknown>;
}

export const nothing: Findings = { jobs: [], programs: [] };

interface Remembered {
  readonly program: string;
  readonly evidence: Row["evidence"];
  readonly result: Row["result"];
  readonly lastRunAt: number | null;
  readonly lastSuccessAt: number | null;
  readonly lastPartialAt: number | null;
  readonly problem: string;
  /** Empty for a job that belongs to nobody. */
  readonly owner: string;
  /** When its traces were last there. */
  readonly seenAt: number;
}

export type RememberedJobs = Readonly<Record<string, Remembered>>;

const rowLimit = 200;
const dayMs = 86_400_000;
/** To be written down again only when it matters: what is kept goes to the disk with each measurement. */
const seenEveryMs = 6 * 3_600_000;
const results: readonly string[] = ["success", "partial", "failed", "unknown"] satisfies Row["result"][];

/** What the host kept over a restart; anything that is not what was put there counts as nothing. */
export const rememberedFrom = (kept: unknown): RememberedJobs =>
  keptRows(kept, ({ program, evidence, result, seenAt, ...rest }): Remembered | undefined => {
    if (typeof program !== "string" || typeof evidence !== "string" || typeof seenAt !== "number" || !results.includes(result as string))
      return undefined;
    return {
      program,
      evidence: evidence as Row["evidence"],
      result: result as Row["result"],
      lastRunAt: moment(rest["lastRunAt"]),
      lastSuccessAt: moment(rest["lastSuccessAt"]),
      lastPartialAt: moment(rest["lastPartialAt"]),
      problem: keptText(rest["problem"]),
      owner: keptText(rest["owner"]),
      seenAt,
    };
  });

export interface Told {
  readonly sample: Sample;
  readonly remembered: RememberedJobs;
}

/** Jobs that were found, and those of which only the memory is left. */
export function tell(found: Findings, before: RememberedJobs, selection: Selection, nowMs: number): Told {
  const remembered: Record<string, Remembered> = {};
  const rows: Row[] = [];
  const jobs = new Map<string, FoundJob>();
  for (const job of found.jobs) if (!fitsAny(selection.exclude, job.name)) jobs.set(clip(job.name, subjectLimit), job);
  for (const [name, job] of [...jobs].slice(0, rowLimit)) {
    const known = refresh(job, before[name], nowMs);
    remembered[name] = known;
    rows.push(toRow(name, known, { runningSince: job.runningSince === null ? null : Math.round(job.runningSince), isThere: true }));
  }
  for (const [name, known] of Object.entries(before)) {
    if (remembered[name] || rows.length >= rowLimit || fitsAny(selection.exclude, name)) continue;
    if (nowMs - known.seenAt > selection.forgetDays * dayMs) continue;
    remembered[name] = known;
    const ownerIsAway = known.owner !== "" && found.signedIn !== undefined && !found.signedIn.includes(known.owner);
    rows.push(toRow(name, known, { runningSince: null, isThere: false, ownerIsAway }));
  }
  return {
    sample: {
      jobCount: rows.length,
      programs: found.programs
        .map((program) => ({ ...program, problem: clip(program.problem, textLimit), evidence: clip(program.evidence, textLimit) }))
        .sort((one, other) => (one.name < other.name ? -1 : 1)),
      jobs: rows.sort((one, other) => (one.name < other.name ? -1 : 1)),
    },
    remembered,
  };
}

/** While a job runs, and where traces are silent, the run before is what is known. */
function refresh(job: FoundJob, known: Remembered | undefined, nowMs: number): Remembered {
  const lastRunAt = latest(moment(job.lastRunAt), known?.lastRunAt ?? null);
  const isNews =
    job.result !== "unknown" && (known === undefined || job.lastRunAt === null || (job.lastRunAt ?? 0) >= (known.lastRunAt ?? 0));
  const result = isNews ? job.result : (known?.result ?? "unknown");
  return {
    program: clip(job.program, textLimit),
    evidence: job.evidence,
    result,
    lastRunAt,
    lastSuccessAt: latest(moment(job.lastSuccessAt), known?.lastSuccessAt ?? null),
    lastPartialAt: latest(isNews && job.result === "partial" ? moment(job.lastRunAt) : null, known?.lastPartialAt ?? null),
    problem: clip(isNews || job.problem !== "" ? job.problem : (known?.problem ?? ""), textLimit),
    owner: clip(job.owner ?? "", textLimit),
    seenAt: known && nowMs - known.seenAt < seenEveryMs && nowMs >= known.seenAt ? known.seenAt : nowMs,
  };
}

function toRow(name: string, known: Remembered, now: Pick<Row, "runningSince" | "isThere" | "ownerIsAway">): Row {
  const { program, evidence, result, lastRunAt, lastSuccessAt, lastPartialAt, problem } = known;
  return { name, program, evidence, result, lastRunAt, lastSuccessAt, lastPartialAt, problem, ownerIsAway: false, ...now };
}
