import { expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { services } from "../protocol.ts";
import { judge } from "./judge.ts";

type Row = SampleOf<typeof services>["services"][number];

const minute = 60_000;
const at = Date.UTC(2026, 10, 21, 12);
const defaults = services.judgement.parse({});
const row = (changes: Partial<Row> = {}): Row => ({
  name: "cron.service",
  displayName: "Regular background program processing daemon",
  start: "automatic",
  watchedAs: "automatic",
  state: "running",
  stateSince: null,
  problem: "",
  ownRestartCount: 0,
  restart: "off",
  restartsIn24HoursCount: 0,
  restartedAt: null,
  ...changes,
});
const judged = (rows: readonly Row[], settings: Partial<typeof defaults> = {}) =>
  judge({
    sample: { watchedCount: rows.length, runningCount: 0, services: [...rows], restarts: [] },
    settings: { ...defaults, ...settings },
    past: { points: () => [] },
    at,
  });

test.each<[string, Partial<Row>, Partial<typeof defaults>, string[]]>([
  ["running", {}, {}, ["not-running ok"]],
  ["stopped", { state: "stopped", stateSince: at }, {}, ["not-running failure"]],
  ["failed", { state: "failed", problem: "exit-code 3" }, {}, ["not-running failure"]],
  ["starting", { state: "starting", stateSince: at - minute }, {}, ["not-running unknown"]],
  ["starting for exactly its time", { state: "starting", stateSince: at - 5 * minute }, {}, ["not-running unknown"]],
  ["starting for longer", { state: "starting", stateSince: at - 5 * minute - 1 }, {}, ["not-running failure"]],
  ["starting, since when is not known", { state: "starting" }, {}, ["not-running unknown"]],
  ["starting since the future: a clock was set", { state: "starting", stateSince: at + 1e12 }, {}, ["not-running unknown"]],
  ["stopping for too long", { state: "stopping", stateSince: at - 10 * minute }, {}, ["not-running failure"]],
  ["no time to start", { state: "starting", stateSince: at - 1 }, { startingMinutes: 0 }, ["not-running failure"]],
  ["automatic, waiting for its socket", { state: "waiting" }, {}, ["not-running ok"]],
  ["automatic, skipped by its condition", { state: "skipped" }, {}, ["not-running ok"]],
  ["automatic, deactivated meanwhile", { state: "stopped", start: "deactivated" }, {}, ["not-running ok"]],
  ["listed and running", { watchedAs: "listed", start: "by-others" }, {}, ["not-running ok"]],
  ["listed and stopped", { watchedAs: "listed", start: "by-others", state: "stopped" }, {}, ["not-running failure"]],
  ["listed and missing", { watchedAs: "listed", start: "unknown", state: "missing" }, {}, ["not-running failure"]],
  ["listed and skipped", { watchedAs: "listed", state: "skipped" }, {}, ["not-running failure"]],
  ["listed, waiting for its socket", { watchedAs: "listed", state: "waiting" }, {}, ["not-running ok"]],
  ["listed, a job that is done", { watchedAs: "listed", state: "finished" }, {}, ["not-running ok"]],
  [
    "listed and deactivated by an administrator",
    { watchedAs: "listed", start: "deactivated", state: "stopped" },
    {},
    ["not-running warning"],
  ],
  ["listed, deactivated, and running all the same", { watchedAs: "listed", start: "deactivated" }, {}, ["not-running ok"]],
  ["a job that failed", { watchedAs: "failed", start: "by-others", state: "failed" }, {}, ["failed warning"]],
  ["a job that failed and is well again", { watchedAs: "failed", start: "by-others", state: "finished" }, {}, ["failed ok"]],
  [
    "a job that failed, and nobody wants to know",
    { watchedAs: "failed", start: "by-others", state: "failed" },
    { reportFailed: false },
    [],
  ],
  ["restarted by the system, below the threshold", { ownRestartCount: 2 }, {}, ["not-running ok", "unstable ok"]],
  ["restarted by the system, exactly as often as the threshold", { ownRestartCount: 3 }, {}, ["not-running ok", "unstable warning"]],
  [
    "crashing all the time",
    { ownRestartCount: 10, state: "starting", stateSince: at - 10 * minute },
    {},
    ["not-running failure", "unstable warning"],
  ],
  ["crashes are not asked for", { ownRestartCount: 10 }, { unstableFromRestarts: 0 }, ["not-running ok"]],
  ["restarted by the agent with success", { restart: "succeeded", restartsIn24HoursCount: 1, restartedAt: at }, {}, ["not-running ok"]],
  ["restarted by the agent in vain", { state: "failed", restart: "failed", restartsIn24HoursCount: 1 }, {}, ["not-running failure"]],
  ["too many restarts", { state: "failed", restart: "gave-up", restartsIn24HoursCount: 4 }, {}, ["not-running failure"]],
])("%s", (_, changes, settings, expected) => {
  expect(judged([row(changes)], settings).map(({ code, state }) => `${code} ${state}`)).toEqual(expected);
});

test("every service is judged by itself", () => {
  const verdicts = judged([row(), row({ name: "ssh.service", state: "stopped" })]);
  expect(verdicts.map(({ subject, state }) => [subject, state])).toEqual([
    ["cron.service", "ok"],
    ["ssh.service", "failure"],
  ]);
});

test("the note of a restart stands in the evidence of a service that is well", () => {
  expect(judged([row({ restart: "not-needed", restartsIn24HoursCount: 2, restartedAt: at - minute })])[0]).toMatchObject({
    state: "ok",
    evidence: { restartsIn24Hours: 2, restartedAtMs: at - minute },
  });
});

test("MON-1: a service has limits of its own: the first line that fits holds, and what it leaves empty is as for all", () => {
  const limitsOfServices = [
    { service: "MSSQL*", failuresBeforeFinding: 3, startingMinutes: 30 },
    { service: "cron", unstableFromRestarts: 0 },
    { service: "*", startingMinutes: 1 },
  ];
  const states = (changes: Partial<Row>) =>
    judged([row(changes)], { limitsOfServices }).map(({ code, state, failuresBeforeFinding }) => [code, state, failuresBeforeFinding]);
  const startingFor = (minutes: number) => ({ state: "starting" as const, stateSince: at - minutes * minute });
  expect(states({ name: "mssql$SAGE", ...startingFor(30) })).toEqual([["not-running", "unknown", 3]]);
  expect(states({ name: "mssql$SAGE", ...startingFor(31) })).toEqual([["not-running", "failure", 3]]);
  expect(states({ name: "mssql$SAGE", ownRestartCount: 3 })).toEqual([
    ["not-running", "ok", 3],
    ["unstable", "warning", 3],
  ]);
  expect(states({ ownRestartCount: 9, ...startingFor(4) })).toEqual([["not-running", "unknown", undefined]]);
  expect(states({ name: "nginx.service", ...startingFor(4) })).toEqual([["not-running", "failure", undefined]]);
});
