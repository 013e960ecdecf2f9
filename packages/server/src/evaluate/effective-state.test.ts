import { describe, expect, test } from "bun:test";
import { effectiveState, freshForSeconds, type EffectiveStateInput } from "./effective-state.ts";

const nowMs = Date.UTC(2026, 2, 2, 12);
const minute = 60_000;
const input = (change: Partial<EffectiveStateInput>): EffectiveStateInput => ({
  state: "ok",
  unknownReason: null,
  unknownDetail: null,
  stateSinceMs: nowMs - 60 * minute,
  evidenceAtMs: nowMs,
  everySeconds: 60,
  dailyAtHour: null,
  isDevicePresent: true,
  nowMs,
  ...change,
});

test.each([
  [60, null, 240],
  [300, null, 960],
  [3_600, null, 10_860],
  [86_400, null, 93_600],
  [86_400, 9, 93_600],
])("evidence of a check every %d s at %p counts for %d s", (every, hour, expected) => {
  expect(freshForSeconds(every, hour)).toBe(expected);
});

describe("effective state", () => {
  test("is what was judged while the evidence is fresh, to the last millisecond", () => {
    expect(effectiveState(input({ state: "failure", evidenceAtMs: nowMs - 240_000 + 1 }))).toMatchObject({
      state: "failure",
      unknownReason: null,
      sinceMs: nowMs - 60 * minute,
    });
  });
  test("fresh evidence from which the judge could not tell is said to be just that", () => {
    expect(effectiveState(input({ state: "unknown", unknownReason: null }))).toMatchObject({
      state: "unknown",
      unknownReason: "not-judged",
    });
    expect(effectiveState(input({ state: "ok", unknownReason: null }))).toMatchObject({ state: "ok", unknownReason: null });
  });
  test("turns to unknown by itself at that very moment, since that moment", () => {
    expect(effectiveState(input({ evidenceAtMs: nowMs - 240_000 }))).toEqual({
      state: "unknown",
      unknownReason: "evidence-too-old",
      unknownDetail: null,
      sinceMs: nowMs,
      freshForSeconds: 240,
    });
  });
  test("says that the device is absent when that is why", () => {
    expect(effectiveState(input({ evidenceAtMs: nowMs - 10 * minute, isDevicePresent: false })).unknownReason).toBe("device-absent");
  });
  test("a device that has just gone is still known", () => {
    expect(effectiveState(input({ evidenceAtMs: nowMs - minute, isDevicePresent: false })).state).toBe("ok");
  });
  test.each([
    ["never-measured", null],
    [null, null],
  ])("without evidence it is never measured (%p)", (unknownReason, evidenceAtMs) => {
    expect(effectiveState(input({ state: "unknown", unknownReason, evidenceAtMs })).unknownReason).toBe("never-measured");
  });
  test("keeps why nothing could be measured, as long as that is fresh", () => {
    const failed = input({
      state: "unknown",
      unknownReason: "collect-failed",
      unknownDetail: "COLLECT_TIMED_OUT",
      evidenceAtMs: nowMs - minute,
    });
    expect(effectiveState(failed)).toMatchObject({ state: "unknown", unknownReason: "collect-failed", unknownDetail: "COLLECT_TIMED_OUT" });
    expect(effectiveState({ ...failed, evidenceAtMs: nowMs - 10 * minute }).unknownReason).toBe("evidence-too-old");
  });
  test.each(["agent-too-old", "too-many-checks"])("an agent that cannot run the check is no question of age (%s)", (unknownReason) => {
    expect(effectiveState(input({ state: "unknown", unknownReason, evidenceAtMs: null })).unknownReason).toBe(unknownReason);
  });
});
