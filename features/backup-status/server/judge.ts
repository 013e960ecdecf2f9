/** How backups are judged; README.md says it in words. Beyond a threshold counts, exactly on it does not. */
import type { CheckState, CodeOf, Evidence, Judge, JudgementOf, SampleOf, Verdict } from "@hauswart/protocol/check.ts";
import type { backupStatus } from "../protocol.ts";

type Sample = SampleOf<typeof backupStatus>;
type Job = Sample["jobs"][number];
type Settings = JudgementOf<typeof backupStatus>;
type BackupVerdict = Verdict<CodeOf<typeof backupStatus>>;

const hourMs = 3_600_000;

export const judge: Judge<typeof backupStatus> = ({ sample, settings, at }) => [
  jobsMissing(sample, settings),
  ...sample.jobs.flatMap((job) => judgeJob(job, settings, at)),
];

/** No job at all is no knowledge: the program may leave its traces where nobody looks. */
function jobsMissing({ jobs, programs }: Sample, { expectedJobs }: Settings): BackupVerdict {
  const state: CheckState = jobs.length >= expectedJobs ? "ok" : jobs.length === 0 ? "unknown" : "failure";
  const unreadable = programs.filter(({ problem }) => problem !== "");
  return {
    code: "jobs-missing",
    subject: "",
    state,
    evidence: {
      jobs: jobs.length,
      expectedJobs,
      reason: state === "unknown" ? (unreadable.length > 0 ? "not-readable" : "nothing-found") : null,
      programs: programs.map(({ name }) => name).join(", "),
      problem: unreadable[0]?.problem ?? "",
    },
  };
}

function judgeJob(job: Job, settings: Settings, at: number): BackupVerdict[] {
  const evidence: Evidence = {
    program: job.program,
    result: job.result,
    lastRunAtMs: job.lastRunAt,
    lastSuccessAtMs: job.lastSuccessAt,
    isThere: job.isThere,
    ownerIsAway: job.ownerIsAway ?? false,
    problem: job.problem,
  };
  return [tooOld(job, settings, at, evidence), runFailed(job, settings, evidence), ...runningLong(job, settings, at, evidence)];
}

function tooOld(job: Job, { warningHours, failureHours, acceptPartial }: Settings, at: number, evidence: Evidence): BackupVerdict {
  const partial = acceptPartial ? job.lastPartialAt : null;
  const goodAt = Math.max(job.lastSuccessAt ?? -1, partial ?? -1);
  const limits: Evidence = { ...evidence, warningHours, failureHours };
  // A run that failed is told by its own finding; that there never was a good one is not known.
  if (goodAt < 0) return { code: "too-old", subject: job.name, state: "unknown", evidence: { ...limits, reason: "no-success-known" } };
  const hours = (at - goodAt) / hourMs;
  const age: CheckState = hours > failureHours ? "failure" : hours > warningHours ? "warning" : "ok";
  // Who is on leave has no new files, and his backup could not run.
  const isOpen = age !== "ok" && job.ownerIsAway === true;
  return {
    code: "too-old",
    subject: job.name,
    state: isOpen ? "unknown" : age,
    evidence: {
      ...limits,
      ...(isOpen && { reason: "owner-is-away" }),
      goodAtMs: goodAt,
      ageSeconds: Math.max(0, Math.round((at - goodAt) / 1_000)),
    },
  };
}

function runFailed(job: Job, { acceptPartial }: Settings, evidence: Evidence): BackupVerdict {
  const states: Readonly<Record<Job["result"], CheckState>> = {
    success: "ok",
    partial: acceptPartial ? "ok" : "warning",
    failed: "failure",
    unknown: "unknown",
  };
  return { code: "run-failed", subject: job.name, state: states[job.result], evidence: { ...evidence, kind: "result" } };
}

function runningLong(job: Job, { runningHours }: Settings, at: number, evidence: Evidence): BackupVerdict[] {
  if (runningHours === 0 || job.runningSince === null) return [];
  const hours = (at - job.runningSince) / hourMs;
  return [
    {
      code: "running-long",
      subject: job.name,
      state: hours > runningHours ? "warning" : "ok",
      evidence: {
        ...evidence,
        runningSinceAtMs: job.runningSince,
        runningSeconds: Math.max(0, Math.round((at - job.runningSince) / 1_000)),
        runningHours,
      },
    },
  ];
}
