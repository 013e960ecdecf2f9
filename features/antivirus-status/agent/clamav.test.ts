import { describe, expect, test } from "bun:test";
import { databaseFolder, parseDatabaseHeader, versionIn } from "./clamav.ts";

const header = (text: string) => new TextEncoder().encode(text.padEnd(512, " "));
const checksum = "0123456789abcdef0123456789abcdef";

describe("a signature file's header", () => {
  test("with its time in seconds", () => {
    expect(parseDatabaseHeader(header(`ClamAV-VDB:22 Nov 2026 04-12 -0500:27821:2081231:90:${checksum}:x+/y:raynman:1795338744`))).toEqual({
      builtAt: 1_795_338_744_000,
      version: 27_821,
      signatureCount: 2_081_231,
    });
  });

  test.each<[string, string, number]>([
    ["west of Greenwich", "22 Nov 2026 04-12 -0500", Date.UTC(2026, 10, 22, 9, 12)],
    ["east of it", "01 Jan 2026 00-30 +0545", Date.UTC(2025, 11, 31, 18, 45)],
  ])("without it, %s", (_, built, expected) => {
    expect(parseDatabaseHeader(header(`ClamAV-VDB:${built}:62:10:90:${checksum}:X:builder`))?.builtAt).toBe(expected);
  });

  test("as an unsigned file has it", () => {
    expect(parseDatabaseHeader(header(`ClamAV-VDB:22 Nov 2026 04-12 +0000:1:1:90:${checksum}:X:house:1795320720`))?.version).toBe(1);
  });

  test.each([
    ["nothing", ""],
    ["something else", "PK\u0003\u0004 what is this"],
    ["another magic", `ClamAV-XDB:22 Nov 2026 04-12 -0500:1:1:90:${checksum}:X:b:1`],
    ["cut off", "ClamAV-VDB:22 Nov 2026 04-12"],
    ["without numbers", `ClamAV-VDB:22 Nov 2026 04-12 -0500:a:b:90:${checksum}:X:b:1`],
    ["without any time", `ClamAV-VDB:yesterday:1:1:90:${checksum}:X:b:soon`],
    ["with a month that is none", `ClamAV-VDB:22 Foo 2026 04-12 -0500:1:1:90:${checksum}:X:b`],
    ["with a number beyond all", `ClamAV-VDB:x:99999999999999999:1:90:${checksum}:X:b:1`],
  ])("that is %s is none", (_, text) => {
    expect(parseDatabaseHeader(header(text))).toBeUndefined();
  });
});

test.each<[string, string, string | undefined]>([
  ["names it", "# hm\nDatabaseDirectory /srv/clam\nUpdateLogFile /x\n", "/srv/clam"],
  ["names it in a comment", "#DatabaseDirectory /srv/clam\n", undefined],
  ["names no path", "DatabaseDirectory srv\n", undefined],
  ["is empty", "", undefined],
])("a configuration that %s", (_, text, expected) => {
  expect(databaseFolder(text)).toBe(expected);
});

test.each([
  ["ClamAV 1.4.3/27821/Sun Nov 22 09:12:24 2026\n", "1.4.3"],
  ["ClamAV 1.0.7\n", "1.0.7"],
  ["clamd: command not found", ""],
  ["", ""],
])("the version in %p", (text, expected) => {
  expect(versionIn(text)).toBe(expected);
});
