import { expect, test } from "bun:test";
import { languageOf } from "./language.ts";

test.each([
  ["en", ["de-DE"], "en"],
  [null, ["en-GB", "de"], "en"],
  [null, ["fr-FR", "de-AT", "en"], "de"],
  [null, ["fr-FR"], "de"],
  [null, [], "de"],
  ["xx", ["en"], "en"],
] as const)("stored %p and wanted %p give %p", (stored, wanted, expected) => {
  expect(languageOf(stored, wanted)).toBe(expected);
});
