/**
 * `npm test`: all of `npm run verify`, then every suite. Options: `--allowed-skips FILE` makes every skip that is not in the
 * file a failure; names of suites run those alone. The last line is the sum; what the processors had to do for it stands above.
 */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { checks, runCheck } from "./checks.ts";
import { inParallel } from "./in-parallel.ts";
import { endRunningSuites, runSuite } from "./run-suite.ts";
import { projectRoot } from "./sources.ts";
import { suites } from "./suites.ts";
import { readAllowedSkips, summarize, Tally, tellCheck, tellSuite } from "./tally.ts";

process.once("SIGINT", () => stop(130)).once("SIGTERM", () => stop(143));
function stop(exitCode: number): void {
  endRunningSuites();
  process.exit(exitCode);
}

const { values, positionals } = parseArgs({ options: { "allowed-skips": { type: "string" } }, allowPositionals: true });
const unknown = positionals.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0)
  throw new Error(`There is no suite ${unknown.join(", ")}. There are: ${suites.map((suite) => suite.name).join(", ")}.`);
const allowedSkips = values["allowed-skips"] === undefined ? undefined : readAllowedSkips(readFileSync(values["allowed-skips"], "utf8"));

/** What all processors of this computer have done since it was started, whoever for: seconds. */
function processorSeconds(): { busy: number; idle: number } {
  const times = cpus().map((processor) => processor.times);
  const sum = (of: (time: (typeof times)[number]) => number): number => times.reduce((total, time) => total + of(time), 0) / 1000;
  return { busy: sum(({ user, nice, sys, irq }) => user + nice + sys + irq), idle: sum(({ idle }) => idle) };
}

const tally = new Tally();
const before = processorSeconds();
const wanted = positionals.length === 0 ? suites : suites.filter((suite) => positionals.includes(suite.name));
const task = (suite: (typeof suites)[number]) => async () => tellSuite(tally.addSuite(await runSuite(suite, projectRoot)));
const wantedChecks = positionals.length === 0 ? checks : [];
// Four at once, of which one or two wait, keep two processors busy from the first minute to the last. The checks begin in the
// first minute too: whoever made a slip in a type reads of it soon.
await inParallel(4, [
  ...wanted.filter((suite) => suite.waits).map(task),
  ...wantedChecks.map((check) => async () => tellCheck(tally.addCheck(await runCheck(check, projectRoot)))),
  ...wanted.filter((suite) => !suite.waits).map(task),
]);
if (allowedSkips) tally.refuseSkips(allowedSkips);
const after = processorSeconds();
console.log(`processors: ${(after.busy - before.busy).toFixed(0)} s busy, ${(after.idle - before.idle).toFixed(0)} s idle`);
console.log(summarize(tally));
process.exit(tally.failed > 0 ? 1 : 0);
