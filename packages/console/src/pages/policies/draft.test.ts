import { describe, expect, test } from "bun:test";
import { changesBetween, conflictsOf, mergeDrafts, placeKey, type Draft } from "./draft.ts";

const check = (name: string, settings: Record<string, unknown> = {}, rest: object = {}) => ({
  check: name,
  instance: "",
  enabled: true,
  settings,
  ...rest,
});
const base: Draft = {
  name: "Server",
  checks: [check("disk-space", { warn: 10, fail: 5 }), check("memory", { warn: 20 })],
  assignments: [{ scope: "provider", scopeId: "" }],
};
const none: ReadonlySet<string> = new Set();

describe("changesBetween", () => {
  test("nothing changed", () => expect(changesBetween(base, structuredClone(base))).toEqual([]));
  test("one setting is one change", () => {
    const draft = { ...base, checks: [check("disk-space", { warn: 12, fail: 5 }), base.checks[1]!] };
    expect(changesBetween(base, draft)).toEqual([{ kind: "setting", check: "disk-space", instance: "", setting: "warn" }]);
  });
  test("a check taken out is one change, however much was set in it", () => {
    expect(changesBetween(base, { ...base, checks: [base.checks[1]!] })).toEqual([{ kind: "check", check: "disk-space", instance: "" }]);
  });
  test("the order of lists means nothing", () => {
    expect(changesBetween(base, { ...base, checks: [...base.checks].reverse() })).toEqual([]);
  });
});

describe("two people edit one policy", () => {
  const mine = { ...base, name: "Server Süd", checks: [check("disk-space", { warn: 12, fail: 5 }), base.checks[1]!] };
  test("different places come together", () => {
    const theirs = { ...base, checks: [check("disk-space", { warn: 10, fail: 3 }), base.checks[1]!, check("uptime")] };
    expect(conflictsOf(base, mine, theirs)).toEqual([]);
    expect(mergeDrafts(base, mine, theirs, none)).toEqual({
      name: "Server Süd",
      checks: [check("disk-space", { warn: 12, fail: 3 }), check("memory", { warn: 20 }), check("uptime")],
      assignments: base.assignments,
    });
  });
  test("the same place is a conflict, and the choice decides", () => {
    const theirs = { ...base, checks: [check("disk-space", { warn: 15, fail: 5 }), base.checks[1]!] };
    const [conflict, ...others] = conflictsOf(base, mine, theirs);
    expect(others).toEqual([]);
    expect(conflict).toEqual({ place: { kind: "setting", check: "disk-space", instance: "", setting: "warn" }, mine: 12, theirs: 15 });
    expect(mergeDrafts(base, mine, theirs, none).checks[0]?.settings["warn"]).toBe(12);
    expect(mergeDrafts(base, mine, theirs, new Set([placeKey(conflict!.place)])).checks[0]?.settings["warn"]).toBe(15);
  });
  test("the same change by both is none", () => {
    expect(conflictsOf(base, mine, mine)).toEqual([]);
  });
  test("what one removed and the other changed is a conflict; keeping the change keeps the whole check", () => {
    const removed = { ...base, checks: [base.checks[1]!] };
    const theirs = { ...base, checks: [check("disk-space", { warn: 15, fail: 5 }), base.checks[1]!] };
    const conflicts = conflictsOf(base, removed, theirs);
    expect(conflicts).toEqual([
      { place: { kind: "setting", check: "disk-space", instance: "", setting: "warn" }, mine: undefined, theirs: 15 },
    ]);
    expect(mergeDrafts(base, removed, theirs, none).checks).toEqual([check("memory", { warn: 20 })]);
    expect(mergeDrafts(base, removed, theirs, new Set([placeKey(conflicts[0]!.place)])).checks).toContainEqual(
      check("disk-space", { warn: 15, fail: 5 }),
    );
  });
  test("assignments of both stay", () => {
    const ours: Draft = { ...base, assignments: [...base.assignments, { scope: "tag", scopeId: "kasse" }] };
    const theirs: Draft = { ...base, assignments: [{ scope: "customer", scopeId: "c" }] };
    expect(mergeDrafts(base, ours, theirs, none).assignments).toEqual([
      { scope: "customer", scopeId: "c" },
      { scope: "tag", scopeId: "kasse" },
    ]);
  });
});
