/** Plants suites that go wrong in every known way and sees that none of them counts as passed. */
import { testNeeding } from "@hauswart/testkit/needs.ts";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judge, mayMakeNetworks, runSuite, type SuiteResult } from "./run-suite.ts";
import { projectFiles, projectRoot } from "./sources.ts";
import { filesOf, type Suite, suites } from "./suites.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hauswart-run-suite-"));
  mkdirSync(join(root, "planted"));
});
afterEach(() => rmSync(root, { recursive: true }));

const planted: Suite = {
  name: "planted",
  takes: () => true,
  timeoutSeconds: 20,
  testTimeoutMs: 10_000,
  isPlain: true,
  waits: false,
  hasOwnNetwork: false,
};

function plant(name: string, body: string): void {
  writeFileSync(join(root, "planted", `${name}.test.ts`), `import { beforeAll, describe, expect, test } from "bun:test";\n${body}\n`);
}

async function run(changes: Partial<Suite> = {}): Promise<Pick<SuiteResult, "passed" | "skips"> & { failed: string[] }> {
  const { passed, skips, failures } = await runSuite({ ...planted, ...changes }, root);
  return { passed, skips, failed: failures.map(({ name, message }) => `${name}: ${message}`) };
}

test("passed, failed and skipped tests are told apart, with full names and what the failed ones said", async () => {
  plant(
    "a",
    'describe("outer & <inner>", () => { test("fine", () => {}); test.skip("off (skipped: needs a moon)", () => {}); test("wrong", () => expect(1).toBe(2)); });',
  );
  const { passed, skips, failed } = await run();
  expect(passed).toBe(1);
  expect(skips).toEqual(["outer & <inner> > off (skipped: needs a moon)"]);
  expect(failed).toHaveLength(1);
  expect(failed[0]).toStartWith("planted/a.test.ts: outer & <inner> > wrong: ");
  expect(failed[0]).toContain("\nExpected: 2\n");
});

test.each([
  ["a file that does not load", 'import "./gone.ts"; test("fine", () => {});', "planted/b.test.ts: No test of this file ran"],
  ["a file that does not parse", "const = 1;", "planted/b.test.ts: No test of this file ran"],
  ["a file without tests", "", "planted/b.test.ts: No test of this file ran"],
  ["a failing set-up", 'beforeAll(() => { throw new Error("no set-up"); }); test("never runs", () => {});', "no set-up"],
  [
    "an error outside of any test",
    'test("fine", () => {}); setTimeout(() => { throw new Error("late"); }, 50); test("waits", () => Bun.sleep(200));',
    "late",
  ],
  [
    "a rejection that nobody awaits",
    'test("fine", () => { void Promise.reject(new Error("forgotten")); }); test("waits", () => Bun.sleep(100));',
    "forgotten",
  ],
  ["a process that exits by itself", 'test("exits", () => process.exit(0));', "the process: "],
  ["a process that is killed", 'test("dies", () => { process.kill(process.pid, "SIGKILL"); });', "SIGKILL"],
])("%s is a failure, beside a file that passes", async (_, body, message) => {
  plant("a", 'test("fine", () => {});');
  plant("b", body);
  const { failed } = await run();
  expect(failed.join("\n")).toContain(message);
});

test("a suite that hangs is killed with everything that it started", async () => {
  plant("a", 'test("hangs", async () => { Bun.spawn(["sleep", "600"]); for (;;) {} });');
  const { failed } = await run({ timeoutSeconds: 1 });
  expect(failed).toEqual(["the process: It was not done within its time and was killed."]);
});

test("a process that a test leaves behind does not hold the suite up", async () => {
  plant("a", 'test("leaves one", () => { Bun.spawn(["sleep", "600"], { stdout: "inherit" }); });');
  expect(await run()).toEqual({ passed: 1, skips: [], failed: [] });
});

testNeeding(mayMakeNetworks() ? undefined : "needs the right to make networks")(
  "a suite with a network of its own has loopback, and nothing that comes and goes",
  async () => {
    const loopback = 'expect(Object.keys(require("node:os").networkInterfaces())).toEqual(["lo"]);';
    plant("a", `test("is alone", async () => { ${loopback} await fetch(Bun.serve({ port: 0, fetch: () => new Response() }).url); });`);
    expect(await run({ hasOwnNetwork: true })).toEqual({ passed: 1, skips: [], failed: [] });
  },
);

test("a report that breaks off is a failure, whatever the process says", () => {
  const ended = { exitCode: 0, signal: null, timedOut: false, output: "" };
  const report = '<testsuites><testsuite name="a.test.ts"><testcase name="fine" file="a.test.ts" />';
  expect(judge(["a.test.ts"], `${report}</testsuite></testsuites>`, ended).failures).toEqual([]);
  expect(judge(["a.test.ts"], report, ended).failures[0]?.message).toContain("broken off");
  expect(judge(["a.test.ts"], "", ended).failures[0]?.message).toContain("broken off");
});

test("a suite without files passes with nothing", async () => {
  expect(await run({ takes: () => false })).toEqual({ passed: 0, skips: [], failed: [] });
});

test("each test file of the project belongs to exactly one suite", () => {
  const homes = new Map<string, string[]>();
  for (const suite of suites) for (const path of filesOf(suite, projectRoot)) homes.set(path, [...(homes.get(path) ?? []), suite.name]);
  expect([...homes].filter(([, names]) => names.length > 1)).toEqual([]);
  expect(projectFiles(projectRoot).filter((path) => /[._]test\.\w+$/.test(path) && !homes.has(path))).toEqual([]);
});

test.each([
  ["packages/protocol/src/ids.test.ts", "unit"],
  ["packages/agent/src/buffer/a.test.ts", "agent"],
  ["packages/server/src/a.test.tsx", "server"],
  ["features/memory/server/judge.test.ts", "features"],
  ["packages/server/src/a.database.test.ts", "database"],
  ["features/services/a.machine.test.ts", "machine"],
  ["features/services/a.windows.test.ts", "windows"],
  ["packages/console/src/a.browser.test.ts", "browser"],
  ["packages/console/tests/a.views.test.ts", "views"],
  ["packages/server/src/access/a.database.test.ts", "access"],
  ["tests/tenancy/a.database.test.ts", "access"],
  ["tests/updates/a.database.test.ts", "database"],
  ["tests/updates/a.windows.test.ts", "windows"],
  ["tests/survival/kill.test.ts", "survival"],
  ["tests/newcomer.test.ts", "stories"],
])("%s belongs to %s", (path, name) => {
  expect(suites.filter((suite) => suite.takes(path)).map((suite) => suite.name)).toEqual([name]);
});
