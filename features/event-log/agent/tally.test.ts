import { describe, expect, test } from "bun:test";
import { countNow, refresh, talliesFrom, withMatches, type Matched, type RuleTally } from "./tally.ts";

const minute = 60_000;
const now = Date.UTC(2026, 10, 22, 12);
const traits = { severity: "warning", fromCount: 3, withinMinutes: 60 } as const;
const at = (...minutesAgo: number[]): Matched[] =>
  minutesAgo.map((ago) => ({ at: now - ago * minute, source: "s", eventId: "7", text: `text of ${ago}` }));

test("raises when there are enough within the window, and counts what is in it", () => {
  const two = withMatches(undefined, traits, at(50, 10), now)!;
  expect(two).toMatchObject({ raisedAt: null, lastAt: now - 10 * minute, texts: ["text of 10", "text of 50"] });
  const three = withMatches(two, traits, at(5), now)!;
  expect(three.raisedAt).toBe(now - 5 * minute);
  expect(countNow(three, traits, now)).toBe(3);
  expect(countNow(three, traits, now + 30 * minute)).toBe(2);
});

test("entries too far apart do not raise", () => {
  expect(withMatches(undefined, traits, at(170, 100, 30), now)!.raisedAt).toBeNull();
});

test("a million entries are thirty numbers and three texts", () => {
  let tally: RuleTally | undefined;
  for (let part = 0; part < 20; part++)
    tally = withMatches(tally, traits, at(...Array.from({ length: 5_000 }, (_, index) => 59 - (index % 60))), now);
  expect(countNow(tally!, traits, now)).toBe(100_000);
  expect(tally!.buckets.length).toBeLessThanOrEqual(61);
  expect(tally!.texts).toHaveLength(3);
  expect(JSON.stringify(refresh({ rule: tally! }, () => traits, now)).length).toBeLessThan(1_000);
});

test("what a clock wrote that was ahead counts as now", () => {
  expect(withMatches(undefined, traits, at(-1_000), now)).toMatchObject({ lastAt: now });
});

describe("what is kept", () => {
  test("forgets rules that are gone, and those that were quiet for long", () => {
    const tally = withMatches(undefined, traits, at(1), now)!;
    expect(Object.keys(refresh({ here: tally, gone: tally }, (name) => (name === "here" ? traits : undefined), now))).toEqual(["here"]);
    expect(refresh({ here: tally }, () => traits, now + 9 * 86_400_000)).toEqual({});
  });
  test("fits into the agent's memory however many rules and however long their texts", () => {
    const long = withMatches(
      undefined,
      traits,
      at(...Array.from({ length: 60 }, (_, index) => 59 - index)).map((one) => ({ ...one, text: "x".repeat(300) })),
      now,
    )!;
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`rule ${index}`, long]));
    expect(JSON.stringify(refresh(many, () => traits, now)).length).toBeLessThan(60_000);
  });
  test("comes back as it was, and anything else counts as nothing", () => {
    const tallies = { rule: withMatches(undefined, traits, at(9, 1), now)! };
    expect(talliesFrom(JSON.parse(JSON.stringify(tallies)))).toEqual(tallies);
    expect(talliesFrom({ rule: { buckets: 3 }, other: null, third: "x" })).toEqual({});
    expect(talliesFrom(7)).toEqual({});
  });
});
