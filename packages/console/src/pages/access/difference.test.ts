import { describe, expect, test } from "bun:test";
import { readDetail } from "./difference.ts";

describe("what an entry says", () => {
  test("before and change: what differs, place by place; what the change does not name stayed", () => {
    const { differences, rest } = readDetail({
      before: { name: "A", checks: [{ check: "disk", settings: { warn: 15 } }], assignments: [] },
      change: { checks: [{ check: "disk", settings: { warn: 20, ignore: ["x"] } }], revision: 3 },
      reason: "asked for",
    });
    expect(differences).toEqual([
      { place: ["checks", "disk", "settings", "warn"], before: 15, after: 20 },
      { place: ["checks", "disk", "settings", "ignore", "0"], before: undefined, after: "x" },
      { place: ["revision"], before: undefined, after: 3 },
    ]);
    expect(rest).toEqual([{ place: ["reason"], value: "asked for" }]);
  });
  test("before and after: what is not there any more is gone", () => {
    expect(readDetail({ before: { a: 1, b: 2 }, after: { a: 1 } }).differences).toEqual([{ place: ["b"], before: 2, after: undefined }]);
  });
  test("anything else is told as it is", () => {
    expect(readDetail({ role: "server", tags: [] })).toEqual({
      differences: [],
      rest: [
        { place: ["role"], value: "server" },
        { place: ["tags"], value: [] },
      ],
    });
    expect(readDetail({})).toEqual({ differences: [], rest: [] });
    expect(readDetail({ before: "text" }).rest).toEqual([{ place: ["before"], value: "text" }]);
  });
  test("a check that goes shifts no other; two of one kind are told apart by their instance", () => {
    const [disk, files] = [
      { check: "disk", settings: { warn: 15 } },
      { check: "files", instance: "A", settings: { path: "/a" } },
    ];
    const other = { check: "files", instance: "B", settings: { path: "/b" } };
    expect(
      readDetail({ before: { checks: [disk, files, other] }, after: { checks: [files, other] } }).differences.map(({ place }) => place),
    ).toEqual([
      ["checks", "disk", "check"],
      ["checks", "disk", "settings", "warn"],
    ]);
    expect(
      readDetail({ before: { checks: [files, other] }, after: { checks: [files, { ...other, settings: { path: "/c" } }] } }).differences,
    ).toEqual([{ place: ["checks", "files B", "settings", "path"], before: "/b", after: "/c" }]);
  });
});
