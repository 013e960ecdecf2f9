import { describe, expect, test } from "bun:test";
import { OsError, type Os } from "../os.ts";
import { parsePlist, plistArray, plistAt, plistFlag, plistNumber, plistText, readPropertyList } from "./plist.ts";

const head = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
`;
const plist = (inside: string) => `${head}<plist version="1.0">\n${inside}\n</plist>\n`;

test("every kind of value is read", () => {
  const found = parsePlist(
    plist(`<dict>
      <!-- a <key> in a comment is none -->
      <key>text</key><string>a &lt;b&gt; &amp; &#x2019; &#228; <![CDATA[<raw> & so]]></string>
      <key>empty</key><string/>
      <key>whole</key><integer>-42</integer>
      <key>hex</key><integer>0x1F</integer>
      <key>real</key><real>1.5</real>
      <key>yes</key><true/><key>no</key><false></false>
      <key>at</key><date>2026-11-22T04:05:06Z</date>
      <key>bytes</key><data>
        AAEC
      </data>
      <key>list</key><array><string>one</string><array/><dict/></array>
    </dict>`),
  );
  expect(plistText(found, "text")).toBe("a <b> & ’ ä <raw> & so");
  expect(plistText(found, "empty")).toBe("");
  expect([plistNumber(found, "whole"), plistNumber(found, "hex"), plistNumber(found, "real")]).toEqual([-42, 31, 1.5]);
  expect([plistFlag(found, "yes"), plistFlag(found, "no"), plistFlag(found, "text")]).toEqual([true, false, undefined]);
  expect(plistAt(found, "at")).toEqual(new Date("2026-11-22T04:05:06Z"));
  expect(plistAt(found, "bytes")).toEqual(new Uint8Array([0, 1, 2]));
  expect(plistText(found, "list", 0)).toBe("one");
  expect(plistArray(found, "list")).toHaveLength(3);
  expect(plistArray(found, "text")).toEqual([]);
  expect(plistAt(found, "list", "one")).toBeUndefined();
  expect(plistAt(found, "missing", 3, "deeper")).toBeUndefined();
});

test("a key may be called like anything that objects have", () => {
  const found = parsePlist(plist("<dict><key>__proto__</key><dict><key>toString</key><string>x</string></dict></dict>"));
  expect(plistText(found, "__proto__", "toString")).toBe("x");
  expect(plistAt(found, "constructor")).toBeUndefined();
});

describe("what is no property list is refused with a code", () => {
  test.each([
    ["nothing", ""],
    ["a sentence", "Could not find disk: disk9"],
    ["cut off in a dictionary", `${head}<plist><dict><key>a</key><string>b</string>`],
    ["cut off in a text", `${head}<plist><string>abc`],
    ["a value without a key", plist("<dict><string>b</string></dict>")],
    ["a key without a value", plist("<dict><key>a</key></dict>")],
    ["an unknown element", plist("<html>a</html>")],
    ["a number that is none", plist("<integer>many</integer>")],
    ["an empty number", plist("<integer></integer>")],
    ["a date that is none", plist("<date>yesterday</date>")],
    ["elements in a text", plist("<string>a<string>b</string></string>")],
  ])("%s", (_, text) => {
    expect(() => parsePlist(text)).toThrow(expect.objectContaining({ code: "COLLECT_UNREADABLE" }));
  });

  test.each([
    ["too deep", plist("<array>".repeat(100) + "</array>".repeat(100))],
    ["too many values", plist(`<array>${"<true/>".repeat(100_001)}</array>`)],
    ["too long", " ".repeat(5 * 1024 * 1024)],
  ])("%s", (_, text) => {
    expect(() => parsePlist(text)).toThrow(expect.objectContaining({ code: "COLLECT_OUTPUT_TOO_LARGE" }));
  });
});

test("a binary file is read by plutil, and its failure is told", async () => {
  const answers = [
    { exitCode: 0, stdout: plist("<true/>"), stderr: "" },
    { exitCode: 1, stdout: "", stderr: "cannot be read" },
  ];
  const ran: string[] = [];
  const os = {
    readFile: async () => "bplist00…",
    run: async (program: string, argumentList: readonly string[]) => {
      ran.push([program, ...argumentList].join(" "));
      return answers.shift()!;
    },
  } as unknown as Os;
  expect(await readPropertyList(os, "/Library/Preferences/x.plist")).toBe(true);
  expect(ran).toEqual(["plutil -convert xml1 -o - -- /Library/Preferences/x.plist"]);
  await expect(readPropertyList(os, "/x")).rejects.toBeInstanceOf(OsError);
});
