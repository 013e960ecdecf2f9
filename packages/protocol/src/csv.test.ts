import { describe, expect, test } from "bun:test";
import { csvCell, csvLine } from "./csv.ts";

describe("a cell", () => {
  test.each<[string | number | null, string]>([
    ["plain", "plain"],
    ["a;b", '"a;b"'],
    ["a,b", '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ["two\nlines", '"two\nlines"'],
    [1.5, "1.5"],
    [-2, "-2"],
    [null, ""],
    ["", ""],
  ])("%j is written as %j", (value, written) => expect(csvCell(value)).toBe(written));

  test.each(["=HYPERLINK(1)", "+1", "-2", "@x", "\tx", "\r=1", '=cmd|"/c calc"!A1'])("%j does not become a formula", (text) => {
    expect(csvCell(text).replace(/^"/, "")).toStartWith("'");
  });
});

test("a line ends as RFC 4180 says", () => {
  expect(csvLine(["a", 2, null], ",")).toBe("a,2,\r\n");
  expect(csvLine(["a", 2, null], ";")).toBe("a;2;\r\n");
});
