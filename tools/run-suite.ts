/** Runs one suite of tests in a process of its own and finds out what really came of it. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readReport, type SuiteReport } from "./suite-report.ts";
import { filesOf, type Suite } from "./suites.ts";

export interface Failure {
  readonly name: string;
  readonly message: string;
}

export interface SuiteResult {
  readonly name: string;
  readonly passed: number;
  readonly failures: readonly Failure[];
  /** Names with the reason in them. */
  readonly skips: readonly string[];
  readonly seconds: number;
  readonly secondsByFile: ReadonlyMap<string, number>;
  /** Everything that the process said. */
  readonly output: string;
}

interface Ended {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly output: string;
}

/** Runs all files of a suite. Never throws: whatever goes wrong is a failure of the suite. */
export async function runSuite(suite: Suite, root: string): Promise<SuiteResult> {
  const files = filesOf(suite, root);
  const start = performance.now();
  if (files.length === 0) return { name: suite.name, passed: 0, failures: [], skips: [], seconds: 0, secondsByFile: new Map(), output: "" };
  const folder = mkdtempSync(join(tmpdir(), "hauswart-suite-"));
  try {
    const report = join(folder, "report.xml");
    const options = ["--only-failures", "--reporter=junit", `--reporter-outfile=${report}`, `--timeout=${suite.testTimeoutMs}`];
    const command = [process.execPath, "test", ...options, ...files.map((file) => `./${file}`)];
    const ended = await runInGroup(
      suite.hasOwnNetwork && mayMakeNetworks() ? [...inOwnNetwork, ...command] : command,
      root,
      suite.timeoutSeconds * 1000,
    );
    const text = existsSync(report) ? readFileSync(report, "utf8") : undefined;
    return { name: suite.name, ...judge(files, text, ended), seconds: (performance.now() - start) / 1000, output: ended.output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What the report and the process's end mean together. `bun test` leaves a file that did not load out of its report, and a
 * process that died writes none, so each file must appear and the exit code must fit what the report says.
 */
export function judge(
  files: readonly string[],
  report: string | undefined,
  ended: Ended,
): Pick<SuiteResult, "passed" | "failures" | "skips" | "secondsByFile"> {
  const { outcomes, secondsByFile, failures } = readOutcomes(report, ended);
  for (const { state, name, file, message } of outcomes) if (state === "failed") failures.push({ name: `${file}: ${name}`, message });
  if (report !== undefined) {
    const seen = new Set(outcomes.map((outcome) => outcome.file));
    for (const file of files.filter((one) => !seen.has(one)))
      failures.push({ name: file, message: "No test of this file ran: it did not load, or it has none." });
  }
  if (failures.length === 0 && ended.exitCode !== 0) {
    failures.push({ name: "the process", message: `It ended with ${ended.exitCode ?? ended.signal} though no test failed.` });
  }
  const skips = outcomes.filter(({ state }) => state === "skipped").map(({ name }) => name);
  return { passed: outcomes.filter(({ state }) => state === "passed").length, failures, skips, secondsByFile };
}

const emptyReport: SuiteReport = { outcomes: [], secondsByFile: new Map() };

function readOutcomes(report: string | undefined, ended: Ended): SuiteReport & { failures: Failure[] } {
  const failures: Failure[] = [];
  if (ended.timedOut) failures.push({ name: "the process", message: "It was not done within its time and was killed." });
  if (report === undefined) {
    if (!ended.timedOut)
      failures.push({ name: "the process", message: `It ended with ${ended.exitCode ?? ended.signal} and left no report.` });
    return { ...emptyReport, failures };
  }
  try {
    return { ...readReport(report), failures };
  } catch (error) {
    return { ...emptyReport, failures: [...failures, { name: "the report", message: String(error) }] };
  }
}

const runningGroups = new Set<number>();

/** Kills the suites that still run; for a runner that is told to stop. */
export function endRunningSuites(): void {
  for (const group of runningGroups) killGroup(group);
}

/** Runs what follows it in a network that is nothing but its own loopback. */
const inOwnNetwork = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"] as const;

/** Whether suites get networks of their own here. Where they do not, test machines, whose interfaces would disturb, cannot be run either. */
export function mayMakeNetworks(): boolean {
  const [program, ...argumentList] = inOwnNetwork;
  return spawnSync(program, [...argumentList, "true"], { stdio: "ignore" }).status === 0;
}

/** Runs a command in a process group of its own, which is killed as a whole when the time is up, and swept when it is over. */
function runInGroup(command: readonly string[], root: string, timeoutMs: number): Promise<Ended> {
  const [program = "", ...argumentList] = command;
  return new Promise((resolve) => {
    const child = spawn(program, argumentList, { cwd: root, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    if (child.pid !== undefined) runningGroups.add(child.pid);
    const chunks: Buffer[] = [];
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child.pid);
    }, timeoutMs);
    const done = (exitCode: number | null, signal: string | null): void => {
      clearTimeout(timer);
      if (child.pid !== undefined) runningGroups.delete(child.pid);
      resolve({ exitCode, signal, timedOut, output: Buffer.concat(chunks).toString() });
    };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error) => done(null, error.message));
    // What a test left running would keep the pipes open and slow the next suite.
    child.on("exit", () => killGroup(child.pid));
    child.on("close", done);
  });
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
