/** What is checked of the project without running it: types, lint, form, layers, sizes, words, documents, dependencies. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { findAgentDependencyChanges } from "./agent-dependencies.ts";
import { declaredChecks, declaredDependencies, findCheckGaps, findDeadPaths, findDependencyGaps, findErrorGaps } from "./documents.ts";
import { findLayerViolations } from "./layers.ts";
import { findOversized } from "./sizes.ts";
import { projectFiles, readSource } from "./sources.ts";
import { findForbiddenWords } from "./words.ts";

export interface Check {
  readonly name: string;
  /** @returns the problems, ready to be shown; none when all is well. */
  run(root: string): Promise<string[]>;
}

export interface CheckResult {
  readonly name: string;
  readonly problems: readonly string[];
  readonly seconds: number;
}

const runtimes = ["protocol", "agent", "server", "console", "tests"];

/** Types of one runtime, with only what that runtime has. */
function types(runtime: string): Check {
  return { name: `types: ${runtime}`, run: async (root) => (await compile(root, runtime)).problems };
}

const coverage: Check = {
  name: "types: no file is left out",
  run: async (root) => {
    const covered = new Set((await Promise.all(runtimes.map((runtime) => compile(root, runtime)))).flatMap(({ files }) => files));
    const typed = projectFiles(root).filter((path) => /\.(?:ts|tsx|mts)$/.test(path) && !/\.d\.m?ts$/.test(path));
    return typed.filter((path) => !covered.has(path)).map((path) => `${path} belongs to no tsconfig.*.json, so nobody checks its types`);
  },
};

/** In the order in which they are told. */
export const checks: readonly Check[] = [
  ...runtimes.map(types),
  coverage,
  { name: "lint", run: (root) => program(root, "oxlint/bin/oxlint", ["--deny-warnings", "--format=unix", "."]) },
  { name: "format", run: unformatted },
  {
    name: "unused files, exports and dependencies",
    run: (root) => program(root, "knip/bin/knip.js", ["--no-progress", "--reporter=compact"]),
  },
  { name: "layers", run: async (root) => findLayerViolations(root) },
  { name: "sizes", run: async (root) => findOversized(root) },
  { name: "forbidden words", run: async (root) => findForbiddenWords(root) },
  { name: "paths in documents", run: async (root) => findDeadPaths(root) },
  { name: "error codes in documents", run: async (root) => findErrorGaps(readSource(root, "docs/errors.md")) },
  {
    name: "dependencies in documents",
    run: async (root) => findDependencyGaps(readSource(root, "docs/dependencies.md"), declaredDependencies(root)),
  },
  { name: "checks in documents", run: async (root) => findCheckGaps(readSource(root, "README.md"), declaredChecks(root)) },
  { name: "dependencies of the agent", run: findAgentDependencyChanges },
];

/** Runs one check. Never throws: a check that breaks has found a problem. */
export async function runCheck(check: Check, root: string): Promise<CheckResult> {
  const start = performance.now();
  const problems = await check
    .run(root)
    .catch((error: unknown) => [error instanceof Error ? (error.stack ?? error.message) : String(error)]);
  return { name: check.name, problems, seconds: (performance.now() - start) / 1000 };
}

interface Compiled {
  readonly problems: string[];
  /** Paths from the root of all that belongs to it. */
  readonly files: string[];
}

const compilations = new Map<string, Promise<Compiled>>();

/** Once for each runtime: whether its types fit and which files it covers are answers of the same run. */
function compile(root: string, runtime: string): Promise<Compiled> {
  const key = `${root} ${runtime}`;
  const known = compilations.get(key) ?? compileAnew(root, runtime);
  compilations.set(key, known);
  return known;
}

async function compileAnew(root: string, runtime: string): Promise<Compiled> {
  const cache = join(root, "node_modules/.cache/hauswart", `types-${runtime}.tsbuildinfo`);
  const options = ["--listFiles", "--incremental", "--tsBuildInfoFile", cache];
  const { exitCode, output } = await runTool(root, "typescript/bin/tsc", [
    "-p",
    `tsconfig.${runtime}.json`,
    "--pretty",
    "false",
    ...options,
  ]);
  const lines = output.split("\n").filter((line) => line !== "");
  const prefix = `${root}/`;
  const files = lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length));
  return {
    problems: problemsOf(
      exitCode,
      lines.filter((line) => !line.startsWith(prefix)),
      "tsc",
    ),
    files,
  };
}

async function program(root: string, script: string, argumentList: readonly string[]): Promise<string[]> {
  const { exitCode, output } = await runTool(root, script, argumentList);
  return problemsOf(
    exitCode,
    output.split("\n").filter((line) => line.trim() !== ""),
    script,
  );
}

/** Names the files that `npm run format` would change, in one line: there may be many, and their number says enough. */
async function unformatted(root: string): Promise<string[]> {
  const problems = await program(root, "oxfmt/bin/oxfmt", ["--list-different", "."]);
  if (problems.length < 2) return problems;
  return [`${problems.length} files are not in form (npm run format): ${problems.slice(0, 5).join(", ")}, …`];
}

/** The exit code decides; a program that fails without a word has failed all the same. */
function problemsOf(exitCode: number | null, lines: string[], name: string): string[] {
  if (exitCode === 0) return [];
  return lines.length > 0 ? lines : [`${name} ended with ${exitCode ?? "a signal"} and said nothing.`];
}

/** Runs a tool's own script out of node_modules on this Bun. */
function runTool(root: string, script: string, argumentList: readonly string[]): Promise<{ exitCode: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "node_modules", script), ...argumentList], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, output: Buffer.concat(chunks).toString() }));
  });
}
