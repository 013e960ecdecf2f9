import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testNeeding, whyNoProgram } from "@hauswart/testkit/needs.ts";
import { readUnit, renderUnit } from "./service-unit.ts";

const analyzer = "systemd-analyze";
const whyNot = whyNoProgram(analyzer);
const systemdTest = testNeeding(whyNot);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hauswart-unit-"));
  mkdirSync(join(folder, "program"));
  writeFileSync(join(folder, "bun"), "");
  chmodSync(join(folder, "bun"), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

const places = () => ({
  program: join(folder, "program"),
  bun: join(folder, "bun"),
  data: "/var/lib/hauswart",
  writable: ["/srv/backup"],
  user: "daemon",
});
const analyze = (...words: string[]) => spawnSync(analyzer, words, { encoding: "utf8" });

describe("the unit", () => {
  test("has nothing left to fill in, and lets the server write where it has to", () => {
    const unit = renderUnit(places());
    expect(unit.match(/@[A-Z]+@/g)).toBeNull();
    expect(unit).toContain(" MIMALLOC_PURGE_DELAY=5000\n");
    expect(unit).toContain("ReadWritePaths=/var/lib/hauswart -/srv/backup\n");
    expect(unit).toContain("ProtectHome=yes\n");
    expect(renderUnit({ ...places(), data: "/home/it/hauswart" })).toContain("ProtectHome=no\n");
  });

  test("tells where it lies and as whom it runs, and a foreign one is refused", () => {
    const { program, data, user } = places();
    expect(readUnit(renderUnit(places()))).toEqual({ program, data, user });
    expect(() => readUnit("[Service]\nUser=hauswart\nExecStart=/usr/bin/hauswart\n")).toThrow(/not one that install-service has made/);
  });

  test("names no path that systemd would read in another way", () => {
    for (const data of ["/srv/my data", "/srv/%h", "/srv/$HOME", "relative", '/srv/"x'])
      expect(() => renderUnit({ ...places(), data })).toThrow(/cannot name/);
  });

  systemdTest("is one that systemd takes", () => {
    const path = join(folder, "hauswart.service");
    writeFileSync(path, renderUnit(places()));
    const { status, stderr } = analyze("verify", "--man=no", path);
    expect([status, stderr.split("\n").filter((line) => line.includes("hauswart.service"))]).toEqual([0, []]);
  });

  systemdTest("is well locked in by systemd's own measure", () => {
    const path = join(folder, "hauswart.service");
    writeFileSync(path, renderUnit(places()));
    // 0 is best, 10 worst. A service without any of its options has 9.6.
    const { status, stdout } = analyze("security", "--offline=true", "--threshold=25", path);
    expect([status, stdout.split("\n").at(-2)]).toEqual([0, expect.stringContaining("Overall exposure level")]);
  });
});
