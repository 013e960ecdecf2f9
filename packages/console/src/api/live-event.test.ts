import { describe, expect, test } from "bun:test";
import { readEvent, retryDelayMs } from "./live-event.ts";

describe("the stream is tried again", () => {
  test.each([
    [0, 1_000],
    [1, 2_000],
    [4, 16_000],
    [5, 30_000],
    [1_000, 30_000],
  ])("after %d failures in %d ms at the soonest", (failures, expected) => {
    expect(retryDelayMs(failures, () => 0)).toBe(expected);
  });
  test("and up to half of that later, so that not all come at once", () => {
    expect(retryDelayMs(3, () => 1)).toBe(12_000);
  });
});

describe("an event", () => {
  test("is read", () => {
    const event = { kind: "finding", id: "f", customerId: null, change: "created" } as const;
    expect(readEvent(JSON.stringify(event))).toEqual(event);
  });
  test.each(["", "half a {", "null", "[]", '{"kind":"finding"}', '{"kind":1,"id":"x","change":"created"}'])("%j is none", (data) => {
    expect(readEvent(data)).toBeUndefined();
  });
});
