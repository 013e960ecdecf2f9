import { describe, expect, test } from "bun:test";
import { mergeSaved } from "./merge.ts";

const base = { language: "de", topics: ["disks"], quiet: false };

describe("two people edit the same thing", () => {
  test("what only the other one changed comes in, what I changed stays", () => {
    expect(mergeSaved(base, { ...base, quiet: true }, { ...base, language: "en" })).toEqual({
      draft: { language: "en", topics: ["disks"], quiet: true },
      both: [],
    });
  });

  test("what both changed differently is named, and mine stands", () => {
    const { draft, both } = mergeSaved(base, { ...base, topics: ["backup"] }, { ...base, topics: ["network"], quiet: true });
    expect(draft).toEqual({ language: "de", topics: ["backup"], quiet: true });
    expect(both).toEqual(["topics"]);
  });

  test("what both changed alike is no conflict", () => {
    expect(mergeSaved(base, { ...base, quiet: true }, { ...base, quiet: true }).both).toEqual([]);
  });
});
