import { expect, test } from "bun:test";
import { createHash, generateKeyPairSync } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { temporaryFolder } from "@hauswart/testkit/temporary-folder.ts";
import { answerAuthority } from "./authority-file.ts";
import { installWays, linuxCommand } from "./install-ways.ts";
import { firstInstaller, pathOfInstaller, type InstallerFolders } from "./installers.ts";
import { linuxFiles, linuxScript } from "./linux-script.ts";

const temporary = temporaryFolder("install");
const place = { url: "https://hauswart.example.com", token: "hwe_token" };
const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const spki = publicKey.export({ type: "spki", format: "der" });
const ownAuthority = {
  certificate: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
  fingerprint: "AB:CD",
  serverKey: spki,
};
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

function folders(files: Readonly<Record<string, string>> = {}): InstallerFolders {
  const root = mkdtempSync(join(temporary, "built-"));
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
  // A restart that Windows wants is no failure (ERROR_SUCCESS_REBOOT_REQUIRED, ERROR_SUCCESS_REBOOT_INITIATED).
  expect(powershell).toMatch(
    /if \(\$r\.ExitCode -in 3010, 1641\) \{ Write-Warning [^}]*restarted[^}]*\} elseif \(\$r\.ExitCode -ne 0\) \{ throw /,
  );
  expect(msiexec).toBe("msiexec /i hauswart-agent-windows-x64.msi /qn /norestart SERVER=https://hauswart.example.com TOKEN=hwe_token");
  expect(macos).toContain(hashOf(names[2]!));
  expect(ways[1]!.files).toEqual([{ file: names[1]!, path: `/download/${names[1]}`, bytes: names[1]!.length, sha256: hashOf(names[1]!) }]);
});

test("a server with its own authority: each command trusts that one alone, and none trusts anybody", async () => {
  const names = ["hauswart-agent-linux-x64", "hauswart-agent-windows-x64.msi", "hauswart-agent-macos-arm64.tar.xz"];
  const ways = await installWays({ ...place, authority: ownAuthority }, folders(Object.fromEntries(names.map((name) => [name, name]))));
  const [linux, powershell, msiexec, macos] = ways.map(({ command }) => command!);
  for (const command of [linux!, macos!]) {
    const fetches = command.split("curl ").slice(1);
    expect(fetches.length).toBe(command === linux ? 1 : 2);
    // The pin is of the key itself, worked out here by other means: SHA-256 of SubjectPublicKeyInfo.
    for (const words of fetches)
      expect(words).toStartWith(`-fsSL --insecure --pinnedpubkey 'sha256//${createHash("sha256").update(spki).digest("base64")}' `);
  }
  expect(macos).toEndWith('sudo "$D/hauswart-agent/install.sh" https://hauswart.example.com "$D/ca.crt")');
  expect(powershell).not.toContain("Invoke-WebRequest");
  const { x, y } = publicKey.export({ format: "jwk" });
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x!, "base64url"), Buffer.from(y!, "base64url")]);
  expect(powershell).toContain(`$k = '${createHash("sha256").update(point).digest("hex").toUpperCase()}'`);
  expect(powershell).toContain('"CA=`"$c`""');
  // In PowerShell a single quote would end the text of the class.
  expect(/Add-Type -IgnoreWarnings '([^']*)'; /.exec(powershell!)?.[1]).toEndWith("from.CopyTo(to); } }");
  expect(msiexec).toEndWith('TOKEN=hwe_token CA="%CD%\\hauswart-ca.crt"');
  expect(ways[2]!.files[1]).toEqual({
    file: "hauswart-ca.crt",
    path: "/ca.crt",
    bytes: ownAuthority.certificate.length,
    sha256: hashOf(ownAuthority.certificate),
  });
});

test("the authority's certificate is for everybody, to read; where there is none, there is none", async () => {
  const ask = (method: string, authority = true) =>
    answerAuthority(new Request("https://hauswart.example.com/ca.crt", { method }), authority ? ownAuthority : undefined);
  const answer = ask("GET");
  expect([await answer.text(), answer.headers.get("content-type")]).toEqual([ownAuthority.certificate, "application/x-x509-ca-cert"]);
  expect(() => ask("GET", false)).toThrow("no authority of its own");
  expect(() => ask("POST")).toThrow(HauswartError);
});

test("without a package, Windows gets the plain program, and no silent way", async () => {
  const ways = await installWays(place, folders({ "hauswart-agent-windows-x64.exe": "program" }));
  expect(ways[1]!.command).toContain("enrol --server https://hauswart.example.com");
  expect(ways[2]!.command).toBeNull();
});

/** Runs the script with programs of its own: what it fetches comes from `served`. */
async function runScript(there: InstallerFolders, served: Readonly<Record<string, string>>, machine = "x86_64", authority?: string) {
  const work = mkdtempSync(join(temporary, "script-"));
  const program = (name: string, lines: string) => {
    writeFileSync(join(work, name), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(work, name), 0o755);
  };
  program("id", "echo 0");
  program("uname", `echo ${machine}`);
  program(
    "curl",
    `echo "$*" > ${work}/words; cat > ${work}/header; while [ "$1" != -o ]; do shift; done; cp "${work}/served-$2" "$2"; echo "$3" > ${work}/address`,
  );
  for (const [name, content] of Object.entries(served)) writeFileSync(join(work, `served-${name}`), content);
  const child = Bun.spawn(["sh", "-c", linuxScript("https://h.example", await linuxFiles(there), authority)], {
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

test("the script of a server with its own authority fetches by its certificate alone, and tells the agent of it", async () => {
  const tells = '#!/bin/sh\n[ "$1" = install ] || { echo "$1 $2" >> "$RECORD"; cat "$3" >> "$RECORD"; }\n';
  const served = { "hauswart-agent-linux-x64": tells };
  const { exitCode, read } = await runScript(folders(served), served, "x86_64", ownAuthority.certificate);
  expect([exitCode, read("record")]).toEqual([0, `enrol --ca\n${ownAuthority.certificate}\n`]);
  expect(read("words")).toMatch(/^-fsSL --cacert \/\S+\/ca\.crt -H @- -o hauswart-agent-linux-x64 https:\/\/h\.example\/\S+\n$/);
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

/** Runs a command as people paste it, with an archive and a `curl` and `sudo` of its own, in a folder that others could write to as well. */
async function runCommand(command: string, archive: string) {
  const work = mkdtempSync(join(temporary, "command-"));
  const shared = join(work, "shared");
  mkdirSync(shared, { mode: 0o777 });
  const program = (name: string, lines: string) => {
    writeFileSync(join(work, name), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(work, name), 0o755);
  };
  program("uname", "echo arm64");
  program("shasum", 'shift 2; exec sha256sum "$@"');
  program(
    "curl",
    `cat > ${work}/header; while [ "$1" != -o ]; do shift; done; cp ${archive} "$2"; dirname "$2" > ${work}/folder; stat -c %a "$(dirname "$2")" > ${work}/mode`,
  );
  program("sudo", `cat > ${work}/token; [ "$1" != sh ] || shift; echo "$@" > ${work}/ran`);
  const child = Bun.spawn(["sh", "-c", command], {
    cwd: shared,
    env: { PATH: `${work}:${process.env["PATH"]}`, TMPDIR: shared },
    stdout: "ignore",
    stderr: "ignore",
  });
  const exitCode = await child.exited;
  const read = (name: string) => (existsSync(join(work, name)) ? readFileSync(join(work, name), "utf8").trim() : undefined);
  return { exitCode, read, left: readdirSync(shared) };
}

/** An archive for Macs, packed as the build packs it. */
function macosArchive(): { there: InstallerFolders; path: string } {
  const there = folders();
  mkdirSync(join(there.programs, "hauswart-agent"));
  writeFileSync(join(there.programs, "hauswart-agent/install.sh"), "#!/bin/sh\n", { mode: 0o755 });
  const path = join(there.installers, "hauswart-agent-macos-arm64.tar.xz");
  Bun.spawnSync(["tar", "-cJf", path, "-C", there.programs, "hauswart-agent"]);
  return { there, path };
}

test("what root runs lies in a folder of the person's own, which no other user can have made, and which goes afterwards", async () => {
  const { there, path } = macosArchive();
  const commands = {
    "hauswart-agent/install.sh https://hauswart.example.com": (await installWays(place, there))[3]!.command!,
    "install.sh": linuxCommand(place),
  };
  for (const [ran, command] of Object.entries(commands)) {
    expect(command).not.toContain("/tmp/");
    const { exitCode, read, left } = await runCommand(command, path);
    expect([exitCode, read("mode"), read("token"), read("header")]).toEqual([
      0,
      "700",
      place.token,
      `authorization: Bearer ${place.token}`,
    ]);
    expect(read("ran")).toBe(`${read("folder")}/${ran}`);
    expect(left).toEqual([]);
  }
});

test("an archive for Macs that is another one is not run, and not left either", async () => {
  const { there, path } = macosArchive();
  const command = (await installWays(place, there))[3]!.command!;
  writeFileSync(path, "another one");
  const { exitCode, read, left } = await runCommand(command, path);
  expect([exitCode, read("ran"), left]).toEqual([1, undefined, []]);
});
