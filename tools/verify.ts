/**
 * `npm run verify`: everything that can be known in seconds and without a database: types, lint, form, layers, sizes, words,
 * documents, and the plain tests. One line per step; a problem is told in full.
 */
import { checks, runCheck } from "./checks.ts";
import { inParallel } from "./in-parallel.ts";
import { endRunningSuites, runSuite } from "./run-suite.ts";
import { projectRoot } from "./sources.ts";
import { suites } from "./suites.ts";
import { summarize, Tally, tellCheck, tellSuite } from "./tally.ts";

process.once("SIGINT", () => stop(130)).once("SIGTERM", () => stop(143));
function stop(exitCode: number): void {
  endRunningSuites();
  process.exit(exitCode);
}

const tally = new Tally();
const tasks = [
  ...checks.map((check) => async () => tellCheck(tally.addCheck(await runCheck(check, projectRoot)))),
  ...suites.filter((suite) => suite.isPlain).map((suite) => async () => tellSuite(tally.addSuite(await runSuite(suite, projectRoot)))),
];
await inParallel(2, tasks);
console.log(summarize(tally));
process.exit(tally.failed > 0 ? 1 : 0);
