/** Adds up what checks and suites found, and tells it. */
import type { CheckResult } from "./checks.ts";
import type { Failure, SuiteResult } from "./run-suite.ts";

/** Sums over checks (each counts as one test) and suites. */
export class Tally {
  passed = 0;
  readonly failures: Failure[] = [];
  /** `SUITE: NAME` of each skipped test. */
  readonly skips: string[] = [];

  get failed(): number {
    return this.failures.length;
  }

  addCheck(result: CheckResult): CheckResult {
    if (result.problems.length === 0) this.passed++;
    else this.failures.push({ name: `verify: ${result.name}`, message: result.problems.join("\n") });
    return result;
  }

  addSuite(result: SuiteResult): SuiteResult {
    this.passed += result.passed;
    for (const { name, message } of result.failures) this.failures.push({ name: `${result.name}: ${name}`, message });
    this.skips.push(...result.skips.map((name) => `${result.name}: ${name}`));
    return result;
  }

  /** Turns every skip that is not on the list into a failure. @param allowed names as `skips` has them. */
  refuseSkips(allowed: ReadonlySet<string>): void {
    const refused = this.skips.filter((name) => !allowed.has(name));
    for (const name of refused) {
      this.skips.splice(this.skips.indexOf(name), 1);
      this.failures.push({ name, message: "Skipped, and not on the list of allowed skips." });
    }
  }
}

/** Names on a list of allowed skips: one per line, `NAME # REASON`. Throws on a line without a reason. */
export function readAllowedSkips(text: string): Set<string> {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return new Set(
    lines.map((line) => {
      const at = line.lastIndexOf(" # ");
      if (at < 0 || line.slice(at + 3).trim() === "") throw new Error(`An allowed skip without a reason: ${line}`);
      return line.slice(0, at).trim();
    }),
  );
}

/** One line for a check, and its problems below. */
export function tellCheck({ name, problems, seconds }: CheckResult): void {
  console.log(`${problems.length === 0 ? "ok    " : "FAILED"}  ${name.padEnd(42)} ${timeOf(seconds)}`);
  for (const problem of problems) console.log(`          ${problem}`);
}

/** A suite that takes longer than this says where its time goes. */
const longSuiteSeconds = 60;

/** One line for a suite, its slowest files when it is a long one, and all that it said when something in it failed. */
export function tellSuite({ name, passed, failures, skips, seconds, secondsByFile, output }: SuiteResult): void {
  const counts = passed + failures.length + skips.length === 0 ? "no tests" : countsOf(passed, failures.length, skips.length);
  console.log(`${failures.length === 0 ? "ok    " : "FAILED"}  ${`${name}: ${counts}`.padEnd(42)} ${timeOf(seconds)}`);
  if (seconds > longSuiteSeconds) {
    const slowest = [...secondsByFile].toSorted(([, one], [, other]) => other - one).slice(0, 3);
    console.log(`          longest: ${slowest.map(([file, ofFile]) => `${file} ${ofFile.toFixed(0)} s`).join(", ")}`);
  }
  if (failures.length > 0) console.log(output.trimEnd().replace(/^/gm, "          "));
}

/** What is told at the end: skips by name, failures by name, and the line of sums as the last one. */
export function summarize(tally: Tally): string {
  const lines: string[] = [];
  if (tally.skips.length > 0) lines.push("", "Skipped:", ...tally.skips.map((name) => `  ${name}`));
  if (tally.failed > 0) lines.push("", "Failed:", ...tally.failures.map(({ name, message }) => `  ${name}${firstLine(message)}`));
  return [...lines, "", countsOf(tally.passed, tally.failed, tally.skips.length)].join("\n");
}

function firstLine(message: string): string {
  const line = message.split("\n").find((one) => one.trim() !== "");
  return line === undefined ? "" : `\n      ${line.trim()}`;
}

function countsOf(passed: number, failed: number, skipped: number): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function timeOf(seconds: number): string {
  return `${seconds.toFixed(1).padStart(6)} s`;
}
