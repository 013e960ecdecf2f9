import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectRoot } from "./sources.ts";

setDefaultTimeout(30_000);

/** A small checkout around the real run.mjs, in which everything is installed. */
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hauswart-run-"));
  for (const name of ["run.mjs", "registry.mjs"]) {
    mkdirSync(join(root, "tools"), { recursive: true });
    copyFileSync(join(projectRoot, "tools", name), join(root, "tools", name));
  }
  plant("package.json", JSON.stringify({ scripts: { start: "node tools/run.mjs start" }, dependencies: { bun: Bun.version } }));
  lockedAndInstalled({ "node_modules/part": { version: "1.0.0" } }, { "node_modules/part": { version: "1.0.0" } });
  mkdirSync(join(root, "features"));
  mkdirSync(join(root, "node_modules/bun/bin"), { recursive: true });
  symlinkSync(process.execPath, join(root, "node_modules/bun/bin/bun.exe"));
  plant("tools/say.ts", "console.log(JSON.stringify(process.argv.slice(2))); process.exit(Number(process.argv[2] ?? 0));");
});
afterEach(() => rmSync(root, { recursive: true }));

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

type Packages = Record<string, { version?: string; optional?: boolean; link?: boolean; resolved?: string }>;

function lockedAndInstalled(locked: Packages, installed: Packages): void {
  plant("package-lock.json", JSON.stringify({ packages: { "": {}, ...locked } }));
  plant("node_modules/.package-lock.json", JSON.stringify({ packages: installed }));
}

function run(
  words: string[],
  onOutput: (child: ReturnType<typeof spawn>) => void = () => undefined,
): Promise<{ code: number | null; out: string; told: string }> {
  const child = spawn("node", [join(root, "tools/run.mjs"), ...words], {
    env: { ...process.env, npm_execpath: join(root, "npm-cli.js") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let told = "";
  child.stdout.on("data", (text: Buffer) => {
    out += text.toString();
    onOutput(child);
  });
  child.stderr.on("data", (text: Buffer) => void (told += text.toString()));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, out, told })));
}

/** Stands in for npm: notes that it ran and makes what `npm ci` would. */
const fakeNpm = (script: string) =>
  plant(
    "npm-cli.js",
    `require("node:fs").writeFileSync(${JSON.stringify(join(root, "npm-ran"))}, process.argv.slice(2).join(" ")); ${script}`,
  );

test("words and exit code pass through, and the registries are built before", async () => {
  expect(await run(["say", "7", "--json", "two words"])).toEqual({ code: 7, out: '["7","--json","two words"]\n', told: "" });
  expect(existsSync(join(root, "features/registry/server.ts"))).toBe(true);
});

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("%s is passed on, and the command's own end counts", async (signal) => {
  plant(
    "tools/wait.ts",
    `process.on("${signal}", () => { console.log("ending"); process.exit(5); }); console.log("ready"); setInterval(() => undefined, 1000);`,
  );
  let isSent = false;
  const { code, out } = await run(["wait"], (child) => void (isSent ||= child.kill(signal)));
  expect([code, out]).toEqual([5, "ready\nending\n"]);
});

test("an end by a signal becomes the exit code that shells use", async () => {
  plant("tools/die.ts", "process.kill(process.pid, 'SIGKILL');");
  expect((await run(["die"])).code).toBe(137);
});

test.each([["nothing"], ["../escape"], [""]])("the command %p is refused with those that there are", async (name) => {
  const { code, told } = await run([name]);
  expect(code).toBe(1);
  expect(told).toContain("npm run start");
});

test("nothing is installed when all is there; parts for other systems may be missing", async () => {
  fakeNpm("");
  lockedAndInstalled(
    { "node_modules/part": { version: "1.0.0" }, "node_modules/other-system": { version: "1.0.0", optional: true } },
    { "node_modules/part": { version: "1.0.0" } },
  );
  expect((await run(["say"])).code).toBe(0);
  expect(existsSync(join(root, "npm-ran"))).toBe(false);
});

test.each<[string, Packages, Packages]>([
  ["a part is missing", { "node_modules/part": { version: "1.0.0" } }, {}],
  ["a part has another version", { "node_modules/part": { version: "1.1.0" } }, { "node_modules/part": { version: "1.0.0" } }],
  ["a workspace is not linked", { "node_modules/@hauswart/new": { link: true, resolved: "packages/new" } }, {}],
])("npm ci runs when %s", async (_, locked, installed) => {
  lockedAndInstalled(locked, installed);
  fakeNpm("");
  const { code, told } = await run(["say"]);
  expect([code, readFileSync(join(root, "npm-ran"), "utf8").split(" ")[0]]).toEqual([0, "ci"]);
  expect(told).toContain("Installing the parts");
});

test("npm ci that fails stops everything", async () => {
  lockedAndInstalled({ "node_modules/part": { version: "2.0.0" } }, {});
  fakeNpm("console.error('no network'); process.exit(1);");
  const { code, out, told } = await run(["say"]);
  expect([code, out]).toEqual([1, ""]);
  expect(told).toMatch(/no network\nnpm ci failed/);
});

test("Bun is linked where install scripts were off", async () => {
  const bun = join(root, "node_modules/bun/bin/bun.exe");
  rmSync(bun);
  plant("node_modules/bun/install.js", `require("node:fs").symlinkSync(${JSON.stringify(process.execPath)}, ${JSON.stringify(bun)});`);
  expect((await run(["say", "0"])).code).toBe(0);
});

test("another version of Bun is refused", async () => {
  plant("package.json", JSON.stringify({ scripts: {}, dependencies: { bun: "0.0.1" } }));
  plant("node_modules/bun/install.js", "");
  const { code, told } = await run(["say"]);
  expect(code).toBe(1);
  expect(told).toContain(`Bun 0.0.1 does not run here (found: ${Bun.version}`);
});
