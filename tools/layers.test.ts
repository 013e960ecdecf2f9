/** Plants imports in a project of its own and sees that the guard takes the allowed ones and catches each forbidden one. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { importsOf } from "./imports.ts";
import { findLayerViolations } from "./layers.ts";
import { zones } from "./layer-rules.ts";

let root = "";
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "hauswart-layers-"))));
afterEach(() => rmSync(root, { recursive: true }));

function plant(path: string, source: string): string[] {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), source);
  return findLayerViolations(root);
}

/** File, import and a part of the reason it is refused with. */
const forbidden: [path: string, source: string, why: string][] = [
  ["packages/protocol/src/a.ts", 'import { readFileSync } from "node:fs";', "leans on no runtime"],
  ["packages/protocol/src/a.ts", 'import { readFileSync } from "fs";', "leans on no runtime"],
  ["packages/protocol/src/a.ts", "export const sleep = Bun.sleep;", "leans on no runtime"],
  ["packages/protocol/src/a.ts", 'import type { Hono } from "hono";', "nothing but zod"],
  ["packages/protocol/src/a.ts", 'export type { Collector } from "@hauswart/agent/collector.ts";', "nothing but zod"],
  ["packages/calendar/src/a.ts", 'import { clip } from "@hauswart/protocol/format.ts";', "working time is pure"],
  ["packages/calendar/src/a.ts", 'import { readFileSync } from "node:fs";', "working time is reckoned"],
  ["packages/agent/src/link/a.ts", 'import { spawn } from "node:child_process";', "only door"],
  ["packages/agent/src/link/a.ts", 'const { spawn } = await import("node:child_process");', "only door"],
  ["packages/agent/src/link/a.ts", 'import net from "net";', "only door"],
  ["packages/agent/src/link/a.ts", 'import { dlopen } from "bun:ffi";', "only door"],
  ["packages/agent/src/link/a.ts", 'Bun.spawn(["id"]);', "only door"],
  ["packages/agent/src/link/a.ts", 'Bun["spawn"](["id"]);', "only door"],
  ["packages/agent/src/link/a.ts", "const { spawn } = Bun;", "only door"],
  ["packages/agent/src/link/a.ts", "await Bun.$`id`;", "only door"],
  ["packages/agent/src/main.ts", 'import { spawn } from "node:child_process";', "only door"],
  ["packages/agent/src/link/a.ts", 'import all from "@hauswart/features/registry/agent.ts";', "knows no feature"],
  ["packages/agent/src/os/a.ts", 'import judge from "@hauswart/server/judge.ts";', "nothing of the server"],
  ["packages/agent/src/link/a.ts", "const name = process.argv[2]; await import(name);", "write the name out"],
  ["packages/server/src/http/a.ts", 'import collector from "@hauswart/agent/collector.ts";', "only through the protocol"],
  ["packages/server/src/http/a.ts", 'import { judge } from "../../../../features/disk-space/server/judge.ts";', "knows no feature"],
  ["packages/server/src/http/a.ts", 'import { judge } from "@hauswart/features/disk-space/server/judge.ts";', "knows no feature"],
  ["packages/server/src/main.ts", 'import { judge } from "@hauswart/features/disk-space/server/judge.ts";', "registered judges"],
  ["packages/server/src/http/a.ts", 'import { bootMachine } from "@hauswart/testkit/nspawn.ts";', "tools of the tests"],
  ["packages/server/src/http/a.ts", 'import { ids } from "../../../protocol/src/ids.ts";', "imported by its name"],
  ["packages/console/src/a.tsx", 'import { join } from "node:path";', "runs in a browser"],
  ["packages/console/src/a.tsx", 'import type { Services } from "@hauswart/server/services.ts";', "HTTP API and nothing else"],
  ["packages/console/src/main.tsx", 'import type { Os } from "@hauswart/agent/os/os.ts";', "HTTP API and nothing else"],
  ["packages/simulator/src/a.ts", 'import { verb } from "@hauswart/server/verb.ts";', "through the protocol alone"],
  ["packages/simulator/src/a.ts", 'import { run } from "@hauswart/agent/os/run.ts";', "no system to open"],
  ["features/disk-space/protocol.ts", 'import other from "../disk-growth/protocol.ts";', "without any other feature"],
  ["features/disk-space/protocol.ts", 'import { join } from "node:path";', "leans on no runtime"],
  ["features/disk-space/agent/index.ts", 'import { readFileSync } from "node:fs";', "packages/agent/src/os alone"],
  ["features/disk-space/agent/index.ts", 'import { judge } from "../server/judge.ts";', "public modules"],
  ["features/disk-space/agent/index.ts", 'import { link } from "@hauswart/agent/link/link.ts";', "public modules"],
  ["features/disk-space/server/index.ts", 'import { query } from "@hauswart/server/database/query.ts";', "public module"],
  ["features/disk-space/server/index.ts", 'import { judge } from "../../disk-growth/server/judge.ts";', "server/api.ts"],
  ["features/disk-space/server/judge.ts", "export const now = () => Bun.nanoseconds();", "a judge is pure"],
  ["features/disk-space/console/index.ts", 'import { judge } from "../server/judge.ts";', "HTTP API and nothing else"],
  ["features/disk-space/console/index.ts", 'import { Card } from "../../memory/console/Card.tsx";', "console/api.ts"],
  ["features/disk-space/simulate.ts", 'import { judge } from "./server/judge.ts";', "on the simulator"],
  ["features/disk-space/server/judge.test.ts", 'import { judge } from "../../memory/server/judge.ts";', "without the others"],
  ["packages/server/src/a.test.ts", 'import check from "@hauswart/features/memory/protocol.ts";', "a check of its own"],
  ["packages/server/src/a.test.ts", 'import { measure } from "../../../bench/support/benchmark.ts";', "knows packages and tools"],
  ["features/all.test.ts", 'import { measure } from "../bench/support/benchmark.ts";', "knows features, packages and tools"],
  ["packages/agent/src/main.ts", 'import { verb } from "@hauswart/server/verb.ts";', "registered collectors"],
  ["packages/console/src/main.tsx", 'import all from "@hauswart/features/registry/server.ts";', "registered cards"],
  ["packages/console/src/a.tsx", 'import { bench } from "../../../bench/support/benchmark.ts";', "what a browser has"],
  ["packages/simulator/src/main.ts", 'import all from "@hauswart/features/registry/server.ts";', "registered checks"],
  ["packages/testkit/src/a.ts", 'import check from "@hauswart/features/memory/protocol.ts";', "registered features"],
  ["packages/console/dev/double.ts", 'import { judge } from "@hauswart/features/memory/server/judge.ts";', "from the registries"],
  ["packages/console/dev/double.ts", 'import { measure } from "../../../bench/support/benchmark.ts";', "whole packages"],
  ["features/disk-space/helper.ts", "export const a = 1;", "belongs to no zone"],
];

const allowed: [path: string, source: string][] = [
  ["packages/protocol/src/a.ts", 'import * as z from "zod"; import { b } from "./b.ts";'],
  ["packages/agent/src/main.ts", 'import all from "../../../features/registry/agent.ts"; import { os } from "./os/linux.ts";'],
  ["packages/agent/src/os/linux.ts", 'import { spawn } from "node:child_process"; import { dlopen } from "bun:ffi"; Bun.spawn([]);'],
  [
    "packages/agent/src/version.ts",
    'import manifest from "../package.json"; import wasm from "../../../node_modules/quickjs-wasi/quickjs.wasm";',
  ],
  ["packages/agent/src/buffer/a.ts", 'import { open } from "node:fs/promises"; import { id } from "@hauswart/protocol/ids.ts";'],
  ["packages/server/src/main.ts", 'import all from "@hauswart/features/registry/server.ts";'],
  ["packages/server/src/a.ts", 'import { serve } from "@hono/x"; import net from "node:net"; Bun.serve({});'],
  ["packages/console/src/a.tsx", 'import { Table } from "@mantine/core"; import "./a.css"; import { b } from "@hauswart/protocol/b.ts";'],
  ["features/disk-space/agent/index.ts", 'import type { Os } from "@hauswart/agent/os/os.ts"; import check from "../protocol.ts";'],
  [
    "features/disk-space/server/index.ts",
    'import type { JudgedCheck } from "@hauswart/server/services.ts"; import { api } from "../../memory/server/api.ts";',
  ],
  [
    "features/disk-space/console/index.ts",
    'import { Page } from "@hauswart/console/components/Page.tsx"; import { useState } from "react";',
  ],
  [
    "features/disk-space/server/judge.test.ts",
    'import check from "../protocol.ts"; import { readFileSync } from "node:fs"; import { bootMachine } from "@hauswart/testkit/nspawn.ts";',
  ],
  ["packages/server/src/a.test.ts", 'import { makeTypes } from "../../../tools/types.ts"; import { b } from "@hauswart/protocol/b.ts";'],
  ["tools/a.ts", 'const name = process.argv[2]; await import(name); import { a } from "../packages/server/src/a.ts";'],
];

describe("forbidden", () => {
  test.each(forbidden)("%s: %s", (path, source, why) => {
    const [found, ...more] = plant(path, source);
    expect(found).toStartWith(path);
    expect(found).toContain(why);
    expect(more).toEqual([]);
  });
});

describe("allowed", () => {
  test.each(allowed)("%s: %s", (path, source) => {
    expect(plant(path, source)).toEqual([]);
  });
});

test("every zone and every ban is planted against", () => {
  const freeZones = ["console's build", "tools, benchmarks and whole-system tests"];
  const reasons = zones.flatMap((zone) => [
    ...(freeZones.includes(zone.name) ? [] : [zone.why]),
    ...(zone.bans ?? []).map((ban) => ban.why),
  ]);
  const unproven = reasons.filter((reason) => !forbidden.some(([, , why]) => reason.includes(why)));
  expect(unproven).toEqual([]);
});

test("a violation is told with its line, and all of a file's are told", () => {
  const source = 'import { a } from "./b.ts";\n\nimport net from "node:net";\nexport const later = () => import("node:tls");\n';
  expect(plant("packages/protocol/src/a.ts", source).map((line) => line.split(" imports ")[0])).toEqual([
    "packages/protocol/src/a.ts:3",
    "packages/protocol/src/a.ts:4",
  ]);
});

test("every way to import is read", () => {
  const source = [
    'import type { A } from "a"; export * from "b"; export { c } from "c/deep"; import "./style.css?inline";',
    'type D = import("./d.ts").D; const e = require("e"); const f = require.resolve("f"); void import("node:fs");',
    'new Worker(new URL("./g.ts", import.meta.url)); new Worker("./h.ts"); await import(`./${e}.ts`);',
  ].join("\n");
  const targets = importsOf("packages/x/src/a.ts", source).map((one) => one.target);
  expect(targets.sort()).toEqual(
    [
      "?",
      "node:fs",
      "npm:a",
      "npm:b",
      "npm:c",
      "npm:e",
      "npm:f",
      "packages/x/src/d.ts",
      "packages/x/src/g.ts",
      "packages/x/src/h.ts",
      "packages/x/src/style.css",
    ].sort(),
  );
});

test("a file that does not parse is not passed over", () => {
  expect(() => plant("packages/server/src/a.ts", "import {")).toThrow("does not parse");
});
