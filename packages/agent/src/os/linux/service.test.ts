import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Os } from "../os.ts";
import { openrcService } from "./openrc-service.linux.ts";
import { linuxService } from "./service.linux.ts";

/** A computer whose programs note what they are asked, and end with the codes that are given for `program firstWord`. */
function computer(answers: Record<string, number> = {}, isRoot = true) {
  const root = mkdtempSync(join(tmpdir(), "hauswart-openrc-"));
  const executable = join(root, "downloaded");
  writeFileSync(executable, "program");
  const ran: string[] = [];
  const os = {
    run: async (program: string, words: readonly string[]) => {
      ran.push([program, ...words].join(" ").replaceAll(root, ""));
      return { exitCode: answers[`${program} ${words[0]}`] ?? 0, stdout: "", stderr: " * it does not want to\n" };
    },
  } as unknown as Os;
  const at = (path: string) => join(root, path);
  // As rc-update leaves it: a link to a script, in one runlevel of several.
  for (const runlevel of ["boot", "default"]) mkdirSync(at(`etc/runlevels/${runlevel}`), { recursive: true });
  symlinkSync("/etc/init.d/hauswart-agent", at("etc/runlevels/default/hauswart-agent"));
  return {
    at,
    ran,
    os,
    root,
    service: openrcService(os, { root, executable, isRoot }),
    [Symbol.dispose]: () => rmSync(root, { recursive: true }),
  };
}

const program = "usr/local/bin/hauswart-agent";
const script = "etc/init.d/hauswart-agent";
const leftovers = ["previous", "failed", "update", "new"].map((ending) => `${program}.${ending}`);

describe("a service of OpenRC", () => {
  test("is written, put into the runlevel and started", async () => {
    using alpine = computer();
    await alpine.service.install();
    expect(readFileSync(alpine.at(program), "utf8")).toBe("program");
    expect(readFileSync(alpine.at(script), "utf8")).toContain("\nprogram=/usr/local/bin/hauswart-agent\n");
    expect([statSync(alpine.at(program)).mode & 0o777, statSync(alpine.at(script)).mode & 0o777]).toEqual([0o755, 0o755]);
    expect(alpine.ran).toEqual(["rc-update add hauswart-agent default", "rc-service hauswart-agent restart"]);
  });

  test("removed by hand is ended first; program, script and what an update left are gone", async () => {
    using alpine = computer();
    await alpine.service.install();
    for (const path of leftovers) writeFileSync(alpine.at(path), "program");
    alpine.ran.length = 0;
    await alpine.service.uninstall(false);
    expect(alpine.ran).toEqual(["rc-service --ifexists hauswart-agent stop", "rc-update delete hauswart-agent default"]);
    expect([program, script, ...leftovers].filter((path) => existsSync(alpine.at(path)))).toEqual([]);
  });

  test("removed by itself is ended by another process, which takes the script away afterwards", async () => {
    using alpine = computer();
    await alpine.service.install();
    alpine.ran.length = 0;
    await alpine.service.uninstall(true);
    expect(existsSync(alpine.at(program))).toBe(false);
    expect(alpine.ran[0]).toBe("rc-update delete hauswart-agent default");
    expect(alpine.ran[1]).toMatch(/^sh -c setsid sh -c 'rc-service hauswart-agent stop; rm -f .*& \/etc\/init.d\/hauswart-agent$/);
    expect(alpine.ran).toHaveLength(2);
  });

  test("that removes itself is ended also when it cannot be taken out of the runlevel", async () => {
    using alpine = computer({ "rc-update delete": 1 });
    await alpine.service.install();
    await expect(alpine.service.uninstall(true)).rejects.toThrow("rc-update delete hauswart-agent default failed: * it does not want to");
    expect([existsSync(alpine.at(program)), alpine.ran.at(-1)!.startsWith("sh -c setsid")]).toEqual([false, true]);
  });

  test("says so when OpenRC does not take it, or when nobody allows it", async () => {
    using alpine = computer({ "rc-service hauswart-agent": 1 });
    await expect(alpine.service.install()).rejects.toThrow("rc-service hauswart-agent restart failed");
    using guest = computer({}, false);
    await expect(guest.service.install()).rejects.toThrow("Only root");
    await expect(guest.service.uninstall(false)).rejects.toThrow("Only root");
    expect(guest.ran).toEqual([]);
  });
});

test("systemd, OpenRC or neither: the agent is a service of what runs the computer", async () => {
  using other = computer();
  const service = await linuxService(other.os, other.root);
  await expect(service.install()).rejects.toThrow("Neither systemd nor OpenRC");
  // The files and the key can go all the same.
  expect(await service.uninstall(false)).toContain("by hand");
  for (const folder of ["run/openrc", "run/systemd/system"]) {
    mkdirSync(other.at(folder), { recursive: true });
    expect((await linuxService(other.os, other.root)).install).not.toBe(service.install);
  }
});
