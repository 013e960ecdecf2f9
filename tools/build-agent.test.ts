import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildApplication } from "./build-agent.ts";
import { projectRoot } from "./sources.ts";

let folder: string;

beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "hauswart-build-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("what is built says nothing of the computer that built it", async () => {
  const path = join(folder, "application");
  await buildApplication(path, "1.0.0", []);
  const text = readFileSync(path).toString();
  expect(text).toContain("agent started");
  expect(text).not.toContain(projectRoot);
});
