import { describe, expect, test } from "bun:test";
import { failureDetailCodes } from "@hauswart/protocol/failure-detail.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { failureText } from "./failure-text.ts";

describe("why a measurement failed", () => {
  test.each([
    ["COLLECT_TIMED_OUT: still-searching", "hat zu lange gedauert (die Suche läuft noch und wird gemeldet, sobald sie fertig ist)"],
    ["COLLECT_UNSUPPORTED: program-missing: smartctl", "auf diesem System nicht möglich (das Programm smartctl fehlt)"],
    ["COLLECT_UNREADABLE: /proc/mdstat: EIO", "Antwort nicht lesbar (/proc/mdstat: EIO)"],
    ["COLLECT_UNREADABLE: constructor: x", "Antwort nicht lesbar (constructor: x)"],
    ["COLLECT_PERMISSION_DENIED", "keine Berechtigung"],
    ["COLLECT_NEWER: x", "COLLECT_NEWER: x"],
  ])("%s", (said, text) => expect(failureText(de, said)).toBe(text));

  test.each(failureDetailCodes)("%s is said in both languages, each in its own words", (code) => {
    const said = `COLLECT_UNREADABLE: ${code}: Z`;
    const texts = [de, en].map((language) => failureText(language, said).replace(/^[^(]*/, ""));
    expect(new Set(texts).size).toBe(2);
    for (const text of texts) expect(text).not.toContain(code);
  });
});
