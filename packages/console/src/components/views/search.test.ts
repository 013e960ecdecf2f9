import { describe, expect, test } from "bun:test";
import { isBare, isSameSearch, searchOfView, viewSearchOf } from "./search.ts";

describe("what a view keeps", () => {
  test("filters and sorting in a fixed order, not what is open", () => {
    expect(viewSearchOf({ state: "failure", finding: "1", saved: "2", customer: "3", sort: "-name", tag: undefined, search: "" })).toBe(
      "customer=3&sort=-name&state=failure",
    );
  });
  test("comes back as it was, whatever stands in it", () => {
    const search = { search: "a&b=c ü%", tag: "kasse 1" };
    expect(searchOfView(viewSearchOf(search))).toEqual(search);
    expect(viewSearchOf(search)).not.toMatch(/[\s?#]/);
  });
  test("the order of an address does not matter", () => {
    expect(isSameSearch("b=2&a=1", "a=1&b=2")).toBe(true);
    expect(isSameSearch("a=1", "a=2")).toBe(false);
  });
  test("a list narrowed to a customer is otherwise bare", () => {
    expect([isBare({ customer: "1", enrol: "1" }), isBare({ state: "ok" }), isBare({})]).toEqual([true, false, true]);
  });
});
