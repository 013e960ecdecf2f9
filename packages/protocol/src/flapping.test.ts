import { expect, test } from "bun:test";
import { flapsOf, meaningWithFlaps, titleWithFlaps } from "./flapping.ts";
import { formatFor } from "./format.ts";

const since = Date.UTC(2026, 10, 22, 9, 12);
const evidence = { freePercent: 4, flapCount: 5, flapsSinceAtMs: since };
const [de, en] = [formatFor("de", "Europe/Berlin"), formatFor("en", "Europe/Berlin")];

test("a title says how often it was bad since when, and nothing where nothing flaps", () => {
  expect(titleWithFlaps("C: fast voll", evidence, de)).toBe("Flattert: C: fast voll – mindestens 5-mal seit 22.11.2026, 10:12");
  expect(titleWithFlaps("C: almost full", evidence, en)).toBe("Flaps: C: almost full – at least 5 times since 22 Nov 2026, 10:12");
  expect(titleWithFlaps("C: fast voll", { freePercent: 4 }, de)).toBe("C: fast voll");
});

test("the meaning begins with what follows from it", () => {
  expect(meaningWithFlaps("Saving will fail.", evidence, en)).toMatch(/^This comes and goes .*\nSaving will fail\.$/);
  expect(meaningWithFlaps("", evidence, de)).toMatch(/^Das kommt und geht/);
  expect(meaningWithFlaps("Saving will fail.", {}, en)).toBe("Saving will fail.");
});

test("evidence of another making is no flapping", () => {
  for (const odd of [{ flapCount: "5", flapsSinceAtMs: since }, { flapCount: 5 }, { flapCount: 5, flapsSinceAtMs: Infinity }])
    expect(flapsOf(odd)).toBeUndefined();
});
