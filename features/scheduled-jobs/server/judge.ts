/** How scheduled jobs are judged; README.md says it in words. Beyond a threshold counts, exactly on it does not. */
import type { CheckState, CodeOf, Evidence, Judge, JudgementOf, SampleOf, Verdict } from "@hauswart/protocol/check.ts";
import type { scheduledJobs } from "../protocol.ts";

type Job = SampleOf<typeof scheduledJobs>["jobs"][number];
type Settings = JudgementOf<typeof scheduledJobs>;
type JobVerdict = Verdict<CodeOf<typeof scheduledJobs>>;

const hourMs = 3_600_000;

export const judge: Judge<typeof scheduledJobs> = ({ sample, settings, at }) => sample.jobs.flatMap((job) => judgeJob(job, settings, at));

function judgeJob(job: Job, settings: Settings, at: number): JobVerdict[] {
  const evidence: Evidence = {
    scheduler: job.scheduler,
    jobState: job.state,
    result: job.result,
    lastRunAtMs: job.lastRunAt,
    lastSuccessAtMs: job.lastSuccessAt,
    problem: job.problem,
  };
  const scheduled: JobVerdict = {
    code: "job-not-scheduled",
    subject: job.name,
    state: scheduledState(job, settings),
    evidence: { ...evidence, kind: "scheduled" },
  };
  // Of what is not there, that is all there is to say.
  if (job.state === "missing") return [scheduled];
  return [scheduled, ...failed(job, evidence), overdue(job, settings, at, evidence), ...runningLong(job, settings, at, evidence)];
}

function scheduledState({ state }: Job, { reportInactive }: Settings): CheckState {
  if (state === "missing") return "failure";
  return state === "inactive" && reportInactive ? "warning" : "ok";
}

/** A scheduler that tells only of starts says nothing about how they ended, neither good nor bad. */
function failed({ name, result }: Job, evidence: Evidence): JobVerdict[] {
  if (result === "started") return [];
  const state: CheckState = result === "failed" ? "failure" : result === "success" ? "ok" : "unknown";
  return [{ code: "job-failed", subject: name, state, evidence: { ...evidence, kind: "result" } }];
}

/** Before a job had its time to run once, nothing is known of it. */
function overdue(job: Job, { successWithinHours }: Settings, at: number, evidence: Evidence): JobVerdict {
  const since = job.lastSuccessAt ?? job.watchedSince;
  const isLate = at - since > successWithinHours * hourMs;
  const state: CheckState = isLate ? "failure" : job.lastSuccessAt === null ? "unknown" : "ok";
  return {
    code: "job-overdue",
    subject: job.name,
    state,
    evidence: {
      ...evidence,
      sinceAtMs: since,
      sinceSeconds: Math.max(0, Math.round((at - since) / 1_000)),
      hasSucceeded: job.lastSuccessAt !== null,
      successWithinHours,
      reason: state === "unknown" ? "not-run-yet" : null,
    },
  };
}

function runningLong(job: Job, { runningHours }: Settings, at: number, evidence: Evidence): JobVerdict[] {
  if (runningHours === 0 || job.runningSince === null) return [];
  const runningMs = at - job.runningSince;
  return [
    {
      code: "job-running-long",
      subject: job.name,
      state: runningMs > runningHours * hourMs ? "warning" : "ok",
      evidence: {
        ...evidence,
        runningSinceAtMs: job.runningSince,
        runningSeconds: Math.max(0, Math.round(runningMs / 1_000)),
        runningHours,
      },
    },
  ];
}
