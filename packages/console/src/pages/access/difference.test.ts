import { describe, expect, test } from "bun:test";
import { readDetail, writeDetail } from "./difference.ts";

describe("what an entry says", () => {
  test("before and change: what differs, place by place; what the change does not name stayed", () => {
    const { differences, rest } = readDetail({
      before: { name: "A", checks: [{ check: "disk", settings: { warn: 15 } }], assignments: [] },
      change: { checks: [{ check: "disk", settings: { warn: 20, ignore: ["x"] } }], revision: 3 },
      reason: "asked for",
    });
    expect(differences).toEqual([
      { place: "checks.0.settings.warn", before: 15, after: 20 },
      { place: "checks.0.settings.ignore.0", before: undefined, after: "x" },
      { place: "revision", before: undefined, after: 3 },
    ]);
    expect(rest).toEqual([{ place: "reason", value: "asked for" }]);
  });
  test("before and after: what is not there any more is gone", () => {
    expect(readDetail({ before: { a: 1, b: 2 }, after: { a: 1 } }).differences).toEqual([{ place: "b", before: 2, after: undefined }]);
  });
  test("anything else is told as it is", () => {
    expect(readDetail({ role: "server", tags: [] })).toEqual({
      differences: [],
      rest: [
        { place: "role", value: "server" },
        { place: "tags", value: [] },
      ],
    });
    expect(readDetail({})).toEqual({ differences: [], rest: [] });
    expect(readDetail({ before: "text" }).rest).toEqual([{ place: "before", value: "text" }]);
  });
  test("values are written in a line", () => {
    expect([undefined, null, "a", 1, [], { a: 1 }].map(writeDetail)).toEqual(["–", "null", "a", "1", "[]", '{"a":1}']);
  });
});
