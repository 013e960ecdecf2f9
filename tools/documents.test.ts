import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { declaredChecks, declaredDependencies, findCheckGaps, findDeadPaths, findDependencyGaps, findErrorGaps } from "./documents.ts";
import { projectRoot, readSource } from "./sources.ts";

let root = "";
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "hauswart-documents-"))));
afterEach(() => rmSync(root, { recursive: true }));

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

describe("paths", () => {
  test("dead ones are told with file and line, living ones and placeholders are not", () => {
    plant("packages/agent/src/main.ts", "/** See docs/gone.md and docs/there.md. */\nexport {};\n");
    plant(
      "docs/there.md",
      "`packages/agent/src/main.ts`, packages/agent/, packages/*/src/main.ts, features/NAME/protocol.ts\n[up](../README.md#top) [out](https://example.org/docs/x)\n",
    );
    plant("README.md", "first\n`packages/agent/src/gone.ts` and [link](docs/lost.md), packages/*/nothing.ts\n");
    expect(findDeadPaths(root)).toEqual([
      "README.md:2 cites packages/agent/src/gone.ts, which does not exist",
      "README.md:2 cites packages/*/nothing.ts, which does not exist",
      "README.md:2 cites docs/lost.md, which does not exist",
      "packages/agent/src/main.ts:1 cites docs/gone.md, which does not exist",
    ]);
  });
});

describe("errors", () => {
  const document = readSource(projectRoot, "docs/errors.md");

  test("the page describes each code and no other", () => {
    expect(findErrorGaps(document)).toEqual([]);
  });

  test("a code without a row, a row without a code, a wrong status and an empty cell are told", () => {
    const changed = document
      .replace(/^\| `CONFLICT`.*\n/m, "| `DISPUTE` | 409 | a | b |\n")
      .replace("| `NOT_FOUND` | 404", "| `NOT_FOUND` | 410")
      .replace(/^(\| `TOO_LARGE` \| 413 \|).*$/m, "$1 a | |");
    expect(findErrorGaps(changed)).toEqual([
      "docs/errors.md has no row for CONFLICT",
      "docs/errors.md gives NOT_FOUND the status 410; it is 404",
      "docs/errors.md has a row for DISPUTE, which does not exist",
      "docs/errors.md does not say what TOO_LARGE means and what to do",
    ]);
  });
});

describe("dependencies", () => {
  const table = "| name | what for | why this one | what it would take to leave it |\n|---|---|---|---|\n";

  test("all kinds in all manifests count, own packages do not", () => {
    plant("package.json", '{"devDependencies": {"knip": "1"}}');
    plant("packages/a/package.json", '{"dependencies": {"zod": "4", "@hauswart/b": "0"}, "optionalDependencies": {"@x/linux": "1"}}');
    expect(declaredDependencies(root)).toEqual(["@x/linux", "knip", "zod"]);
  });

  test("missing, superfluous, double and thin rows are told", () => {
    const document = `${table}| zod | schemas | small | rewrite |\n| zod | again | a | b |\n| gone | a | b | c |\n| @x/* | a | b | |\n`;
    expect(findDependencyGaps(document, ["zod", "knip", "@x/linux", "@x/darwin"])).toEqual([
      "docs/dependencies.md has no row for knip",
      "docs/dependencies.md has two rows for zod",
      "docs/dependencies.md has a row for gone, which does not exist",
      "docs/dependencies.md: the row of @x/* has empty cells or not four of them",
    ]);
  });
});

describe("checks", () => {
  const watched = "| check | what |\n|---|---|\n";
  const ran = "| check | Linux | Windows | macOS |\n|---|---|---|---|\n";
  const link = (name: string) => `[${name}](features/${name}/README.md)`;

  test("README.md tells of each what it watches and where it was run", () => {
    const checks = declaredChecks(projectRoot);
    expect(checks.length).toBeGreaterThan(20);
    expect(findCheckGaps(readSource(projectRoot, "README.md"), checks)).toEqual([]);
  });

  test("a folder without a declaration is none", () => {
    plant("features/uptime/protocol.ts", "export default [];\n");
    plant("features/registry/server.ts", "export default [];\n");
    expect(declaredChecks(root)).toEqual(["uptime"]);
  });

  test("missing, superfluous, double and thin rows of either table are told; a row may name several", () => {
    const document = `# X\n${watched}| ${link("uptime")} | restarts |\n| ${link("gone")} | a |\n\nText.\n\n${ran}| uptime, memory | run | made | made |\n| memory | run | | made |\n\nText.\n`;
    expect(findCheckGaps(document, ["uptime", "memory"])).toEqual([
      "README.md, | check | what | has no row for memory",
      "README.md, | check | what | has a row for gone, which does not exist",
      "README.md, | check | Linux | Windows | macOS | has two rows for memory",
    ]);
    expect(findCheckGaps(document.replaceAll("| memory | run | | made |\n", ""), ["uptime", "memory"])).toHaveLength(2);
    expect(findCheckGaps(document.replace("uptime, memory", "uptime"), ["uptime", "memory"])[2]).toContain(
      "the row of memory has empty cells",
    );
    expect(findCheckGaps("", ["uptime"])).toEqual([
      "README.md has no table | check | what |",
      "README.md has no table | check | Linux | Windows | macOS |",
    ]);
  });
});
