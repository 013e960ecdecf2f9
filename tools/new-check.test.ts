import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Collector } from "@hauswart/agent/collector.ts";
import { thisSystem } from "@hauswart/agent/os/system.ts";
import type { AnyCheck } from "@hauswart/protocol/check.ts";
import type { JudgedCheck } from "@hauswart/server/services.ts";
import { codecProblems, collectorProblems, declarationProblems, judgeProblems, textProblems } from "@hauswart/testkit/check-conformance.ts";
import { makeCheck } from "./new-check.ts";
import { projectRoot } from "./sources.ts";

// Within the project, so that its packages are found; in a folder that is not part of it.
mkdirSync(join(projectRoot, "build"), { recursive: true });
const folder = mkdtempSync(join(projectRoot, "build", "new-check-"));
const feature = join(folder, "print-queue");
const files = makeCheck("print-queue", feature);
afterAll(() => rmSync(folder, { recursive: true }));

const load = async <T>(path: string) => ((await import(join(feature, path))) as { default: T[] }).default[0]!;

describe("a new check", () => {
  test("has all its parts, with its name in them", () => {
    expect(files).toEqual(
      expect.arrayContaining([
        "protocol.ts",
        "messages.ts",
        "agent/index.ts",
        "server/index.ts",
        "server/judge.test.ts",
        "console/index.ts",
        "simulate.ts",
        "README.md",
      ]),
    );
    expect(files.every((path) => !readFileSync(join(feature, path), "utf8").includes("{{"))).toBe(true);
    expect(readFileSync(join(feature, "protocol.ts"), "utf8")).toContain("export const printQueue");
  });

  test("keeps every rule as it is", async () => {
    const check = await load<AnyCheck>("protocol.ts");
    const judged = await load<JudgedCheck>("server/index.ts");
    const { name, os } = await thisSystem();
    expect(declarationProblems(check)).toEqual([]);
    expect(textProblems(check, judged.messages)).toEqual([]);
    expect(codecProblems(check, 50)).toEqual([]);
    expect(judgeProblems(judged, 50)).toEqual([]);
    const { problems, collected } = await collectorProblems(check, await load<Collector>("agent/index.ts"), name, os, {
      values: new Map(),
      kept: {},
    });
    expect(problems).toEqual([]);
    expect(collected).toHaveProperty("ok");
  });

  test("compiles", () => {
    const own = { extends: "../../tsconfig.tests.json", include: ["print-queue/**/*.ts"] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(own));
    const { stdout, exitCode } = Bun.spawnSync([join(projectRoot, "node_modules/.bin/tsc"), "-p", join(folder, "tsconfig.json")]);
    // Of files outside the new check others tell.
    const problems = stdout
      .toString()
      .split("\n")
      .filter((line) => line.includes("print-queue"));
    expect({ problems, wasAbleToRun: exitCode !== null }).toEqual({ problems: [], wasAbleToRun: true });
  }, 60_000);

  test("passes its own tests", () => {
    const { exitCode, stderr } = Bun.spawnSync([process.execPath, "test", join(feature, "server")], { cwd: projectRoot });
    expect({ exitCode, said: exitCode === 0 ? "" : stderr.toString() }).toEqual({ exitCode: 0, said: "" });
  }, 30_000);
});

describe("is refused", () => {
  test.each([["PrintQueue"], ["print queue"], ["../escape"], [""], ["-x"], ["x".repeat(65)]])("under the name %p", (name) => {
    expect(() => makeCheck(name, join(folder, "other"))).toThrow("is no name for a check");
    expect(existsSync(join(folder, "other"))).toBe(false);
  });
  test("where there is one already", () => {
    expect(() => makeCheck("print-queue", feature)).toThrow("is there already");
  });
});
