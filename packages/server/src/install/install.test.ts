import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installWays } from "./install-ways.ts";
import { firstInstaller, pathOfInstaller, type InstallerFolders } from "./installers.ts";
import { linuxFiles, linuxScript } from "./linux-script.ts";

const place = { url: "https://hauswart.example.com", token: "hwe_token" };
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

function folders(files: Readonly<Record<string, string>> = {}): InstallerFolders {
  const root = mkdtempSync(join(tmpdir(), "hauswart-install-"));
  const made = { installers: join(root, "installers"), programs: join(root, "agent") };
  for (const folder of Object.values(made)) mkdirSync(folder);
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(/\.(deb|msi|xz|json)$/.test(name) ? made.installers : made.programs, name), content);
  return made;
}

test("files are found by the names that the builds give, and by no others", () => {
  const there = folders({ "hauswart-agent-linux-x64": "program", "hauswart-agent-windows-x64.msi": "package", "installers.json": "[]" });
  expect(pathOfInstaller("hauswart-agent-linux-x64", there)).toBe(join(there.programs, "hauswart-agent-linux-x64"));
  expect(pathOfInstaller("hauswart-agent-windows-x64.msi", there)).toBe(join(there.installers, "hauswart-agent-windows-x64.msi"));
  for (const name of ["installers.json", "../agent/hauswart-agent-linux-x64", "hauswart-agent-plan9-x64", "", "hauswart-agent-linux-x64\0"])
    expect(pathOfInstaller(name, there)).toBeUndefined();
});

test("a hash is the file's own, whatever the list says of another build of it", async () => {
  const there = folders({
    "hauswart-agent-windows-x64.msi": "package",
    "installers.json": JSON.stringify([{ file: "hauswart-agent-windows-x64.msi", bytes: 99, sha256: "0".repeat(64) }]),
  });
  expect(await firstInstaller(["hauswart-agent-other-x64", "hauswart-agent-windows-x64.msi"], there)).toMatchObject({
    file: "hauswart-agent-windows-x64.msi",
    bytes: 7,
    sha256: hashOf("package"),
  });
});

test("nothing built: each way says so", async () => {
  const ways = await installWays(place, folders());
  expect(ways.map(({ system, kind, command }) => [system, kind, command])).toEqual([
    ["linux", "shell", null],
    ["win32", "powershell", null],
    ["win32", "msiexec", null],
    ["darwin", "shell", null],
  ]);
});

test("all built: commands check the hash, and no address holds the token", async () => {
  const names = [
    "hauswart-agent-linux-x64.deb",
    "hauswart-agent-windows-x64.msi",
    "hauswart-agent-macos-arm64.tar.xz",
    "hauswart-agent-macos-x64.tar.xz",
  ];
  const ways = await installWays(place, folders(Object.fromEntries(names.map((name) => [name, name]))));
  for (const { command } of ways) {
    expect(command).toContain(place.token);
    for (const [address] of command!.matchAll(/https:\S+/g)) expect(address).not.toContain(place.token);
  }
  const [, powershell, msiexec, macos] = ways.map(({ command }) => command);
  expect(powershell).toContain(hashOf(names[1]!).toUpperCase());
  expect(msiexec).toBe("msiexec /i hauswart-agent-windows-x64.msi /qn /norestart SERVER=https://hauswart.example.com TOKEN=hwe_token");
  expect(macos).toContain(hashOf(names[2]!));
  expect(ways[1]!.files).toEqual([{ file: names[1]!, path: `/download/${names[1]}`, bytes: names[1]!.length, sha256: hashOf(names[1]!) }]);
});

test("without a package, Windows gets the plain program, and no silent way", async () => {
  const ways = await installWays(place, folders({ "hauswart-agent-windows-x64.exe": "program" }));
  expect(ways[1]!.command).toContain("enrol --server https://hauswart.example.com");
  expect(ways[2]!.command).toBeNull();
});

/** Runs the script with programs of its own: what it fetches comes from `served`. */
async function runScript(there: InstallerFolders, served: Readonly<Record<string, string>>, machine = "x86_64") {
  const work = mkdtempSync(join(tmpdir(), "hauswart-script-"));
  const program = (name: string, lines: string) => {
    writeFileSync(join(work, name), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(work, name), 0o755);
  };
  program("id", "echo 0");
  program("uname", `echo ${machine}`);
  program("curl", `cat > ${work}/header; while [ "$1" != -o ]; do shift; done; cp "${work}/served-$2" "$2"; echo "$3" > ${work}/address`);
  for (const [name, content] of Object.entries(served)) writeFileSync(join(work, `served-${name}`), content);
  const child = Bun.spawn(["sh", "-c", linuxScript("https://h.example", await linuxFiles(there))], {
    env: { PATH: `${work}:${process.env["PATH"]}`, RECORD: join(work, "record") },
    stdin: Buffer.from("hwe_token\n"),
    stderr: "pipe",
    stdout: "pipe",
  });
  const [stderr, stdout, exitCode] = await Promise.all([
    new Response(child.stderr).text(),
    new Response(child.stdout).text(),
    child.exited,
  ]);
  const read = (name: string) => readFileSync(join(work, name), "utf8");
  return { exitCode, stderr, stdout, read };
}

const stub = '#!/bin/sh\necho "$* $HAUSWART_AGENT_SERVER $HAUSWART_AGENT_TOKEN" >> "$RECORD"\n';

test("the script fetches what fits, with the token in a header, and enrols and installs", async () => {
  const served = { "hauswart-agent-linux-x64": stub };
  const { exitCode, stdout, read } = await runScript(folders({ ...served, "hauswart-agent-linux-arm64": "other" }), served);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("The agent runs.");
  expect(read("header")).toBe("authorization: Bearer hwe_token\n");
  expect(read("address")).toBe("https://h.example/download/hauswart-agent-linux-x64\n");
  expect(read("record")).toBe("enrol https://h.example hwe_token\ninstall https://h.example hwe_token\n");
});

test("the script runs nothing that has another hash", async () => {
  const { exitCode, stderr, read } = await runScript(folders({ "hauswart-agent-linux-x64": stub }), {
    "hauswart-agent-linux-x64": `${stub}# changed`,
  });
  expect(exitCode).toBe(1);
  expect(stderr).toContain("is not the file that the server promised");
  expect(() => read("record")).toThrow();
});

test("the script says which computer it has nothing for", async () => {
  const there = folders({ "hauswart-agent-linux-x64": stub });
  expect((await runScript(there, {}, "aarch64")).stderr).toContain("no agent for arm64");
  expect((await runScript(there, {}, "riscv64")).stderr).toContain("no agent for riscv64");
});
