import { describe, expect, test } from "bun:test";
import type { ListedUnit } from "./systemd.linux.ts";
import { unitPath } from "./systemd.linux.ts";
import { isAutomaticDaemon, problemOf, startOf, stateFromDetails, stateFromList, type UnitDetails } from "./unit-state.ts";

const second = 1_000_000;
const unit = (changes: Partial<ListedUnit>): ListedUnit => ({
  name: "a.service",
  description: "A",
  loadState: "loaded",
  activeState: "active",
  subState: "running",
  path: "",
  jobType: "",
  ...changes,
});
/** Ran from second 10 to second 1,000, and was stopped by somebody: its process ended a moment later. */
const stopped: UnitDetails = {
  conditionResult: true,
  conditionAt: 10 * second,
  activeEnterAt: 10 * second,
  activeExitAt: 1_000 * second,
  inactiveEnterAt: 1_001 * second,
  mainExitAt: 1_000 * second + 5,
  mainCode: 1,
  mainStatus: 0,
  result: "success",
  stateChangedAt: 1_795_297_287 * second,
  hasActiveTrigger: false,
};
const left = { mainExitAt: 1_000 * second - 5 };

describe("the list tells", () => {
  test.each<[string, Partial<ListedUnit>, string | undefined]>([
    ["running", {}, "running"],
    ["reading its configuration again", { activeState: "reloading" }, "running"],
    ["a job that stays", { subState: "exited" }, "running"],
    ["starting", { activeState: "activating", subState: "start" }, "starting"],
    ["about to be started again by systemd", { activeState: "activating", subState: "auto-restart" }, "starting"],
    ["waiting for its turn to start", { activeState: "inactive", jobType: "start" }, "starting"],
    ["between stop and start of a restart", { activeState: "inactive", jobType: "restart" }, "starting"],
    ["stopping", { activeState: "deactivating" }, "stopping"],
    ["stopping in order to start again", { activeState: "deactivating", jobType: "restart" }, "starting"],
    ["failed", { activeState: "failed" }, "failed"],
    ["failed and being started", { activeState: "failed", jobType: "start" }, "starting"],
    ["failed and being restarted", { activeState: "failed", jobType: "restart" }, "starting"],
    ["inactive: it takes the details", { activeState: "inactive" }, undefined],
    ["not there", { loadState: "not-found", activeState: "inactive" }, "missing"],
  ])("%s", (_, changes, expected) => {
    expect(stateFromList(unit(changes))).toBe(expected as never);
  });
});

describe("the details tell", () => {
  test.each<[string, string, Partial<UnitDetails>, string]>([
    ["stopped by somebody, though its process left with success", "simple", {}, "stopped"],
    ["stopped by somebody, though its socket is there", "simple", { hasActiveTrigger: true }, "stopped"],
    ["left by itself after a long time", "simple", left, "stopped"],
    ["left by itself at the very moment", "simple", { mainExitAt: 1_000 * second }, "stopped"],
    ["left by itself, and its socket is there", "simple", { ...left, hasActiveTrigger: true }, "waiting"],
    ["left by itself soon after its start", "simple", { ...left, activeEnterAt: 900 * second }, "finished"],
    ["left by itself two minutes after its start", "simple", { ...left, activeEnterAt: 880 * second }, "stopped"],
    [
      "left with an error soon after its start, which its unit forgives",
      "simple",
      { ...left, activeEnterAt: 900 * second, mainStatus: 1 },
      "stopped",
    ],
    ["killed soon after its start", "simple", { ...left, activeEnterAt: 900 * second, mainCode: 2 }, "stopped"],
    ["without a process that could have left", "simple", { mainExitAt: 0, activeEnterAt: 900 * second }, "stopped"],
    [
      "never started",
      "simple",
      { activeEnterAt: 0, activeExitAt: 0, inactiveEnterAt: 0, mainExitAt: 0, mainCode: 0, conditionAt: 0 },
      "stopped",
    ],
    [
      "never started, and its socket is there",
      "simple",
      { activeEnterAt: 0, activeExitAt: 0, mainExitAt: 0, mainCode: 0, hasActiveTrigger: true },
      "waiting",
    ],
    ["skipped by its condition", "simple", { conditionResult: false, conditionAt: 5, activeEnterAt: 0, inactiveEnterAt: 0 }, "skipped"],
    [
      "stopped, and skipped by its condition at the next start",
      "simple",
      { conditionResult: false, conditionAt: 1_001 * second },
      "skipped",
    ],
    ["skipped long ago, and stopped since", "simple", { conditionResult: false, conditionAt: 5 * second }, "stopped"],
    [
      "whose condition was never asked",
      "simple",
      { conditionResult: false, conditionAt: 0, activeEnterAt: 0, inactiveEnterAt: 0 },
      "stopped",
    ],
    ["a job that is done", "oneshot", {}, "finished"],
  ])("%s", (_, type, changes, expected) => {
    expect(stateFromDetails({ type }, { ...stopped, ...changes })).toBe(expected as never);
  });
});

test.each<[string, boolean, string]>([
  ["enabled", true, "automatic"],
  ["enabled", false, "by-others"],
  ["static", true, "automatic"],
  ["generated", true, "automatic"],
  ["", false, "unknown"],
  ["disabled", true, "deactivated"],
  ["masked", false, "deactivated"],
  ["masked-runtime", true, "deactivated"],
])("a unit whose file is %p and that is wanted: %p, starts %s", (fileState, isPulledIn, expected) => {
  expect(startOf({ fileState }, isPulledIn)).toBe(expected as never);
});

test.each<[string, string, boolean, boolean]>([
  ["simple", "enabled", true, true],
  ["oneshot", "enabled", true, false],
  ["simple", "enabled", false, false],
  ["simple", "disabled", true, false],
])("a %s service, %s, wanted: %p, is an automatic daemon: %p", (type, fileState, isPulledIn, expected) => {
  expect(isAutomaticDaemon({ type, fileState }, isPulledIn)).toBe(expected);
});

test.each([
  ["success", 0, ""],
  ["", 0, ""],
  ["exit-code", 203, "exit-code 203"],
  ["signal", 11, "signal 11"],
  ["core-dump", 6, "core-dump 6"],
  ["start-limit-hit", 1, "start-limit-hit"],
])("result %p with status %d is told as %p", (result, mainStatus, expected) => {
  expect(problemOf({ result, mainStatus })).toBe(expected);
});

test.each([
  ["getty@tty1.service", "getty_40tty1_2eservice"],
  ["systemd-udevd.service", "systemd_2dudevd_2eservice"],
  ["1und1.service", "_31und1_2eservice"],
  ["größe.service", "gr_c3_b6_c3_9fe_2eservice"],
])("%s is the object %s", (name, expected) => {
  expect(unitPath(name)).toBe(`/org/freedesktop/systemd1/unit/${expected}`);
});
