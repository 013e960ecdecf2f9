import { expect, test } from "bun:test";
import { oneOf, parseSearch, searchOf, text, writeSearch } from "./search.ts";

test("numbers and words that look like JSON stay texts, both ways", () => {
  const search = { search: "123", tag: "true", note: 'say "x" & y', empty: undefined };
  expect(writeSearch(search)).toBe("?search=123&tag=true&note=say+%22x%22+%26+y");
  expect(parseSearch(writeSearch(search))).toEqual({ search: "123", tag: "true", note: 'say "x" & y' });
});

test("what does not fit is dropped", () => {
  const read = searchOf({ state: oneOf("ok", "failure"), search: text });
  expect(read({ state: "broken", search: "", other: "x" })).toEqual({});
  expect(read({ state: "failure", search: "pc" })).toEqual({ state: "failure", search: "pc" });
});

test("no parameters leave no question mark", () => {
  expect(writeSearch({})).toBe("");
});
