import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { agentDependencies, findAgentDependencyChanges } from "./agent-dependencies.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hauswart-agent-"));
  plant("node_modules/left-pad/package.json", '{"name": "left-pad", "version": "1.3.0", "main": "index.js"}');
  plant("node_modules/left-pad/index.js", 'require("fs"); module.exports = () => require("pad-core")();');
  plant("node_modules/pad-core/package.json", '{"name": "pad-core", "version": "2.0.0", "main": "index.js"}');
  plant("node_modules/pad-core/index.js", "module.exports = () => 1;");
  plant("packages/agent/src/os/run.ts", 'import { spawn } from "node:child_process"; export const run = spawn;');
  plant("features/memory/agent/index.ts", "export default [1];");
  plant(
    "packages/agent/src/main.ts",
    'import { run } from "./os/run.ts"; import all from "../../../features/memory/agent/index.ts"; run(String(all));',
  );
});
afterEach(() => rmSync(root, { recursive: true }));

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

async function listedLines(): Promise<string[]> {
  return (await agentDependencies(root)).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

test("lists own parts, libraries and runtime modules, each with who takes it in", async () => {
  plant(
    "packages/agent/src/main.ts",
    'import { run } from "./os/run.ts"; import pad from "left-pad"; import { dlopen } from "bun:ffi"; run(pad(), dlopen); Bun.spawn([]);',
  );
  expect(await listedLines()).toEqual([
    "Of the project",
    "  packages/agent",
    "Libraries",
    "  left-pad 1.3.0",
    "    by packages/agent/src/main.ts",
    "  pad-core 2.0.0",
    "    by left-pad 1.3.0",
    "Of the runtime",
    "  Bun.spawn",
    "    by packages/agent/src/main.ts",
    "  bun:ffi",
    "    by packages/agent/src/main.ts",
    "  node:child_process",
    "    by packages/agent/src/os/run.ts",
    "  node:fs",
    "    by left-pad 1.3.0",
  ]);
});

test("tells what came and what went, and nothing while the list is right", async () => {
  plant("packages/agent/deps.txt", await agentDependencies(root));
  expect(await findAgentDependencyChanges(root)).toEqual([]);
  plant("packages/agent/src/main.ts", 'import pad from "left-pad"; console.log(pad());');
  const changes = await findAgentDependencyChanges(root);
  expect(changes).toContain('packages/agent/deps.txt lacks "left-pad 1.3.0"');
  expect(changes).toContain('packages/agent/deps.txt has "features/memory", which is not so any more');
  expect(changes).toContain('packages/agent/deps.txt has "node:child_process", which is not so any more');
});

test("an agent that does not bundle is a failure, not an empty list", async () => {
  plant("packages/agent/src/main.ts", 'import "./gone.ts";');
  await expect(agentDependencies(root)).rejects.toThrow();
});
