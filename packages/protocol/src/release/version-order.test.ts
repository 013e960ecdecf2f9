import { describe, expect, test } from "bun:test";
import { compareVersions, isVersion } from "./version-order.ts";

describe("the order of versions", () => {
  test("is that of Semantic Versioning 2.0.0, section 11", () => {
    const inOrder = [
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-alpha.beta",
      "1.0.0-beta",
      "1.0.0-beta.2",
      "1.0.0-beta.11",
      "1.0.0-rc.1",
      "1.0.0",
      "1.0.9",
      "1.0.10",
      "1.2.0",
      "2.0.0",
    ];
    for (let index = 1; index < inOrder.length; index++) {
      expect(compareVersions(inOrder[index - 1]!, inOrder[index]!)).toBeLessThan(0);
      expect(compareVersions(inOrder[index]!, inOrder[index - 1]!)).toBeGreaterThan(0);
    }
  });
  test("has no place for the build", () => {
    expect(compareVersions("1.0.0+0123abcd", "1.0.0+ffff")).toBe(0);
  });
  test.each(["", "1", "1.0", "v1.0.0", "1.0.0 ", "01.0.0", "1.0.0-", `1.0.0-${"x".repeat(40)}`])("%p is no version", (text) => {
    expect(isVersion(text)).toBe(false);
  });
  test("of what is no version is an error", () => {
    expect(() => compareVersions("1.0.0", "latest")).toThrow(RangeError);
  });
});
