import { newId } from "@hauswart/protocol/ids.ts";
import { describe, expect, test } from "bun:test";
import { calledSinceMs, itemsFor } from "./all-clear.ts";

const minuteMs = 60_000;

describe("whom an all-clear leaves to", () => {
  const now = 10_000 * minuteMs;
  test.each([
    ["by day: everybody, however long ago the call was", 0, 0],
    ["when the quiet hours end in this moment: everybody", now, 0],
    ["at night: who was called within the last hour", now + 1, now - 60 * minuteMs],
    ["where it is always quiet", Infinity, now - 60 * minuteMs],
  ])("%s", (_, quietUntilMs, sinceMs) => expect(calledSinceMs(quietUntilMs, now)).toBe(sinceMs));
});

test("who took it on is told nothing of it, whoever else was called is", () => {
  const [anna, ben, findingId, other] = [newId(), newId(), newId(), newId()];
  const findings = [
    { findingId, isOver: false, takenBy: { accountId: anna, name: "Anna" } },
    { findingId: other, isOver: true, takenBy: null },
  ];
  expect(itemsFor(anna, findings).map(({ told }) => told)).toEqual(["recovery"]);
  expect(itemsFor(ben, findings).map(({ told }) => told)).toEqual(["alarm", "recovery"]);
});
