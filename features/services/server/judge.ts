/** How services are judged; README.md says it in words. What counts as down is shared with the agent: protocol/is-down.ts. */
import type { CodeOf, Evidence, Judge, JudgementOf, SampleOf, Verdict } from "@hauswart/protocol/check.ts";
import type { services } from "../protocol.ts";
import { isDeactivated, isDown } from "../protocol/is-down.ts";
import { settingsFor } from "../protocol/per-service.ts";

type Row = SampleOf<typeof services>["services"][number];
type Settings = JudgementOf<typeof services>;
type ServiceVerdict = Verdict<CodeOf<typeof services>>;

const minuteMs = 60_000;

export const judge: Judge<typeof services> = ({ sample, settings: { limitsOfServices, ...common }, at }) => {
  const ofAll: ServiceSettings = { ...common, failuresBeforeFinding: undefined };
  return sample.services.flatMap((row) => {
    const settings = settingsFor(ofAll, limitsOfServices, row.name);
    const verdicts = verdictsOf(row, settings, at);
    const { failuresBeforeFinding } = settings;
    return failuresBeforeFinding === undefined ? verdicts : verdicts.map((verdict) => ({ ...verdict, failuresBeforeFinding }));
  });
};

/** What holds for one service; without a number of its own it opens as the check does. */
interface ServiceSettings extends Pick<Settings, "startingMinutes" | "unstableFromRestarts" | "reportFailed"> {
  readonly failuresBeforeFinding: number | undefined;
}

function verdictsOf(row: Row, settings: ServiceSettings, at: number): ServiceVerdict[] {
  const evidence: Evidence = {
    displayName: row.displayName,
    serviceState: row.state,
    start: row.start,
    problem: row.problem,
    stateSinceAtMs: row.stateSince,
    restart: row.restart,
    restartsIn24Hours: row.restartsIn24HoursCount,
    restartedAtMs: row.restartedAt,
    ownRestarts: row.ownRestartCount,
  };
  if (row.watchedAs === "failed")
    return settings.reportFailed ? [{ code: "failed", subject: row.name, state: row.state === "failed" ? "warning" : "ok", evidence }] : [];
  const running: ServiceVerdict = { code: "not-running", subject: row.name, state: runningState(row, settings, at), evidence };
  const { unstableFromRestarts } = settings;
  if (unstableFromRestarts === 0 || row.ownRestartCount === 0) return [running];
  const isUnstable = row.ownRestartCount >= unstableFromRestarts;
  return [
    running,
    { code: "unstable", subject: row.name, state: isUnstable ? "warning" : "ok", evidence: { ...evidence, unstableFromRestarts } },
  ];
}

function runningState(row: Row, { startingMinutes }: ServiceSettings, at: number): ServiceVerdict["state"] {
  if (isDown(row)) return "failure";
  if (isDeactivated(row)) return "warning";
  if (row.state !== "starting" && row.state !== "stopping") return "ok";
  // On its way it is not running yet: no green, and no alarm before its time is up.
  const isOverdue = row.stateSince !== null && at - row.stateSince > startingMinutes * minuteMs;
  return isOverdue ? "failure" : "unknown";
}
