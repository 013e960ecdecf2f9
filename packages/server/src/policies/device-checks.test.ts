import { describe, expect, test } from "bun:test";
import { defineCheck } from "@hauswart/protocol/check.ts";
import { z } from "zod";
import type { CheckRegistry, JudgedCheck } from "../services.ts";
import { compareChecks, type CheckRow } from "./device-checks.ts";
import type { DesiredCheck } from "./resolve.ts";
import { defaultSource } from "./source.ts";

const definition = (id: string, version: number, readsFrom?: number) =>
  defineCheck({
    id,
    version,
    ...(readsFrom !== undefined && { readsFrom }),
    description: id,
    promises: [],
    cycle: { everyMinutes: 1 },
    failuresBeforeFinding: 1,
    sample: z.object({}),
    selection: z.object({}),
    judgement: z.object({}),
    findings: {},
    onByDefault: true,
  });
const checks: CheckRegistry = new Map(["cpu", "disk"].map((id) => [id, { definition: definition(id, 2) } as unknown as JudgedCheck]));
const readingOlder: CheckRegistry = new Map([["cpu", { definition: definition("cpu", 3, 2) } as unknown as JudgedCheck]]);
const wish = (over: Partial<DesiredCheck> = {}): DesiredCheck => ({
  check: "cpu",
  instance: "",
  enabled: true,
  everySeconds: 60,
  dailyAtHour: null,
  failuresBeforeFinding: 1,
  damping: {},
  selection: { ignore: [] },
  judgement: { warnAbove: 90 },
  sources: { warnAbove: defaultSource },
  ...over,
});
const row = (over: Partial<CheckRow> = {}): CheckRow => ({
  number: 0,
  check_id: "cpu",
  instance: "",
  enabled: true,
  every_seconds: 60,
  daily_at_hour: null,
  failures_before_finding: 1,
  damping: {},
  selection: { ignore: [] },
  selection_version: 3,
  judgement: { warnAbove: 90 },
  sources: { warnAbove: defaultSource },
  unknown_reason: null,
  ...over,
});
const able = { cpu: 2, disk: 2 };
const compare = (rows: CheckRow[], wishes: DesiredCheck[], agentChecks: Record<string, number> = able, next = rows.length) =>
  compareChecks(checks, agentChecks, rows, wishes, next);

describe("compareChecks", () => {
  test("a check that an agent cannot be told does not run, and says why until there is room", () => {
    expect(compare([], [wish({ doesNotFit: true })])).toMatchObject({ inserts: [{ enabled: false, unknown_reason: "too-many-checks" }] });
    const left = row({ enabled: false, unknown_reason: "too-many-checks" });
    expect(compare([left], [wish({ doesNotFit: true })]).updates).toEqual([]);
    expect(compare([left], [wish()])).toMatchObject({ updates: [{ enabled: true, unknown_reason: "never-measured" }] });
    expect(compare([left], [])).toMatchObject({ updates: [{ enabled: false, unknown_reason: null }] });
  });

  test("a new check gets the next number and the agent is told", () => {
    const changes = compare([row()], [wish(), wish({ check: "disk" })]);
    expect(changes).toMatchObject({
      inserts: [{ number: 1, check_id: "disk", enabled: true, selection_version: 1, unknown_reason: "never-measured" }],
      updates: [],
      agentConcerned: true,
      nextNumber: 2,
      ended: [],
    });
  });

  test("nothing changed: nothing is written", () => {
    expect(compare([row()], [wish()])).toEqual({ inserts: [], updates: [], ended: [], agentConcerned: false, nextNumber: 1 });
  });

  test("a changed threshold keeps selection version and state, and is none of the agent's business", () => {
    const changes = compare([row({ unknown_reason: "no-data" })], [wish({ judgement: { warnAbove: 50 } })]);
    expect(changes).toMatchObject({
      updates: [{ number: 0, selection_version: 3, judgement: { warnAbove: 50 }, unknown_reason: "no-data" }],
      agentConcerned: false,
    });
  });

  test("a changed selection counts its version up", () => {
    expect(compare([row()], [wish({ selection: { ignore: ["x"] } })])).toMatchObject({
      updates: [{ selection_version: 4 }],
      agentConcerned: true,
    });
  });

  test("a changed cycle concerns the agent, not the selection's version", () => {
    expect(compare([row()], [wish({ everySeconds: 86_400, dailyAtHour: 4 })])).toMatchObject({
      updates: [{ selection_version: 3, every_seconds: 86_400, daily_at_hour: 4 }],
      agentConcerned: true,
    });
  });

  test.each([
    ["turned off", [wish({ enabled: false })]],
    ["named no more", []],
  ])("a check %s is kept under its number, disabled", (_, wishes) => {
    expect(compare([row()], wishes)).toMatchObject({
      inserts: [],
      updates: [{ number: 0, enabled: false, unknown_reason: null }],
      ended: [0],
      agentConcerned: true,
    });
    expect(compare([row({ enabled: false })], wishes)).toMatchObject({ updates: [], agentConcerned: false });
  });

  test("turned on again it keeps its number and starts as never measured", () => {
    expect(compare([row({ enabled: false })], [wish()], able, 7)).toMatchObject({
      inserts: [],
      updates: [{ number: 0, enabled: true, unknown_reason: "never-measured" }],
      nextNumber: 7,
      agentConcerned: true,
    });
  });

  test("a check that was never on and is off gets no row", () => {
    expect(compare([], [wish({ enabled: false })])).toMatchObject({ inserts: [], nextNumber: 0 });
  });

  test.each([
    ["not at all", { disk: 2 }],
    ["in an older version", { cpu: 1, disk: 2 }],
  ])("a check that the agent can do %s is shown but does not run", (_, agentChecks) => {
    expect(compare([], [wish()], agentChecks)).toMatchObject({
      inserts: [{ enabled: false, unknown_reason: "agent-too-old" }],
      agentConcerned: false,
    });
    expect(compare([row()], [wish()], agentChecks)).toMatchObject({
      updates: [{ enabled: false, unknown_reason: "agent-too-old" }],
      ended: [0],
      agentConcerned: true,
    });
    expect(compare([row({ enabled: false, unknown_reason: "agent-too-old" })], [], agentChecks)).toMatchObject({
      updates: [{ enabled: false, unknown_reason: null }],
      ended: [],
    });
  });

  test("an agent with an older version that is still read runs it, one with one before that does not", () => {
    const runs = (version: number) => compareChecks(readingOlder, { cpu: version }, [], [wish()], 0).inserts[0]!.enabled;
    expect([1, 2, 3].map(runs)).toEqual([false, true, true]);
  });

  test("a newer agent, and one that has not said what it can do, runs it", () => {
    expect(compare([], [wish()], { cpu: 3 })).toMatchObject({ inserts: [{ enabled: true }] });
    expect(compare([], [wish()], {})).toMatchObject({ inserts: [{ enabled: true }] });
  });

  test("an updated agent starts what it could not run", () => {
    expect(compare([row({ enabled: false, unknown_reason: "agent-too-old" })], [wish()])).toMatchObject({
      updates: [{ number: 0, enabled: true, unknown_reason: "never-measured" }],
      agentConcerned: true,
    });
  });

  test("numbers run out loudly", () => {
    expect(compare([], [wish()], able, 32_767)).toMatchObject({ inserts: [{ number: 32_767 }] });
    expect(() => compare([], [wish()], able, 32_768)).toThrow(RangeError);
  });
});
