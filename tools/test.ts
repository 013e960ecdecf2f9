/**
 * `npm test`: all of `npm run verify`, then every suite. Options: `--allowed-skips FILE` makes every skip that is not in the
 * file a failure; names of suites run those alone. The last line is the sum.
 */
import { readFileSync } from "node:fs";
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

const tally = new Tally();
const wanted = positionals.length === 0 ? suites : suites.filter((suite) => positionals.includes(suite.name));
const task = (suite: (typeof suites)[number]) => async () => tellSuite(tally.addSuite(await runSuite(suite, projectRoot)));
const wantedChecks = positionals.length === 0 ? checks : [];
await inParallel(
  2,
  wantedChecks.map((check) => async () => tellCheck(tally.addCheck(await runCheck(check, projectRoot)))),
);
// They wait for a browser, a database or a machine as much as they compute: three at once keep two processors busy.
await inParallel(3, wanted.filter((suite) => !suite.runsAlone).map(task));
await inParallel(1, wanted.filter((suite) => suite.runsAlone).map(task));
if (allowedSkips) tally.refuseSkips(allowedSkips);
console.log(summarize(tally));
process.exit(tally.failed > 0 ? 1 : 0);
