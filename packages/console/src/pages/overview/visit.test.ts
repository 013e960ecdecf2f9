import { expect, test } from "bun:test";
import { parseVisit, visitAt, visitEndsAfterMs } from "./visit.ts";

const now = Date.UTC(2026, 10, 22, 8);

test("the first visit has none before it", () => {
  expect(visitAt(null, now)).toEqual({ beforeMs: null, seenMs: now });
});

test("who comes back after a while has the end of the visit before", () => {
  const last = { beforeMs: 1, seenMs: now - visitEndsAfterMs - 1 };
  expect(visitAt(last, now)).toEqual({ beforeMs: last.seenMs, seenMs: now });
});

test("a look at another page does not end a visit", () => {
  expect(visitAt({ beforeMs: 1, seenMs: now - visitEndsAfterMs }, now)).toEqual({ beforeMs: 1, seenMs: now });
});

test.each([null, "", "{", "[]", "1", '{"seenMs":"x","beforeMs":null}', '{"seenMs":1}'])("%p is no visit", (text) => {
  expect(parseVisit(text)).toBeNull();
});

test("a visit is read as it was written", () => {
  expect(parseVisit(JSON.stringify({ beforeMs: null, seenMs: 5 }))).toEqual({ beforeMs: null, seenMs: 5 });
});
