import { describe, expect, test } from "bun:test";
import { newId } from "@hauswart/protocol/ids.ts";
import { tank, tankRegistry } from "@hauswart/testkit/tank-check.ts";
import { judgedState } from "../evaluate/judged-state.ts";
import { silentLogger } from "../operation/log.ts";
import { changeLayout } from "./change-layout.ts";
import { CheckLayouts, type InstanceSettings } from "./check-layout.ts";
import { compileChecks } from "./compiled-checks.ts";
import { DeviceMemory } from "./device-memory.ts";
import { HistoryBook } from "./history-book.ts";
import { JudgeHistory } from "./judge-history.ts";

const layouts = new CheckLayouts(compileChecks(tankRegistry), silentLogger);
const row = (number: number, change: Partial<InstanceSettings> = {}): InstanceSettings => ({
  number,
  check_id: tank.id,
  instance: String(number),
  every_seconds: 60,
  daily_at_hour: null,
  failures_before_finding: 1,
  selection: "{}",
  selection_version: 1,
  damping: "{}",
  judgement: "{}",
  settings_key: JSON.stringify([number, change]),
  ...change,
});
const identity = { providerId: newId(), customerId: newId(), siteId: newId(), deviceId: newId() };
const deviceWith = (...rows: InstanceSettings[]) => new DeviceMemory(identity, 1, newId(), layouts.layoutOf(rows));

describe("layouts", () => {
  test("equal settings are one object, for all devices", () => {
    expect(deviceWith(row(1), row(2)).layout).toBe(deviceWith(row(1), row(2)).layout);
    expect(deviceWith(row(1)).layout).not.toBe(deviceWith(row(1, { judgement: '{"warningAbove":5}' })).layout);
  });
  test("settings are filled up with the check's defaults", () => {
    expect(deviceWith(row(1, { judgement: '{"warningAbove":5}' })).layout.plans[0]!.judgement).toEqual({
      warningAbove: 5,
      failureAbove: 95,
    });
  });
  test("settings that no longer fit their check leave the defaults in force", () => {
    expect(deviceWith(row(1, { judgement: '{"warningAbove":"much"}' })).layout.plans[0]!.judgement).toEqual({
      warningAbove: 80,
      failureAbove: 95,
    });
  });
  test("a check that this server does not know has no place, and the agent is not told of it", () => {
    const { layout } = deviceWith(row(1), row(2, { check_id: "gone" }));
    expect([layout.positionOf(1), layout.positionOf(2), layout.positionOf(9), layout.configure().checks.length]).toEqual([0, -1, -1, 1]);
  });
  test("thresholds are not the agent's business: its revision stays", () => {
    const revision = deviceWith(row(1)).layout.configure().revision;
    expect(deviceWith(row(1, { judgement: '{"warningAbove":5}', failures_before_finding: 3 })).layout.configure().revision).toBe(revision);
    expect(deviceWith(row(1, { every_seconds: 300 })).layout.configure().revision).not.toBe(revision);
  });
});

describe("changeLayout", () => {
  const bad = judgedState("failure", null, null, [{ code: "full", subject: "A", failures: 1, open: "failure" }]);

  test("keeps everything of an instance that goes on, wherever it stands now", () => {
    const device = deviceWith(row(2), row(5));
    device.set("evidenceAtMs", 1, 1_000);
    device.set("knownFact", 1, 3);
    device.set("nextFact", 1, 9);
    device.changeState(1, bad, 900);
    device.setLatest(0, [7]);
    device.setLatest(1, [1, 2, null]);
    device.olderFacts = new Map([[1, [{ hash: 1, number: 2 }]]]);
    device.histories = new HistoryBook();
    const stored = { fields: ["f"], subjects: ["s"], times: [1, 2], values: [3, 4] };
    device.histories.put(1, JudgeHistory.from(stored));
    expect(changeLayout(device, deviceWith(row(1), row(3), row(5)), [])).toEqual([]);
    expect(device.layout.numbers).toEqual(Int16Array.of(1, 3, 5));
    expect([device.get("evidenceAtMs", 2), device.get("knownFact", 2), device.get("nextFact", 2), device.get("stateSinceMs", 2)]).toEqual([
      1_000, 3, 9, 900,
    ]);
    expect([device.stateOf(2), [...device.latestOf(2)], device.olderFacts?.get(2)]).toEqual([
      bad,
      [1, 2, Number.NaN],
      [{ hash: 1, number: 2 }],
    ]);
    expect(device.histories.get(2).points("f", "s")).toEqual([
      { at: 1, value: 3 },
      { at: 2, value: 4 },
    ]);
    expect([...device.changedStates!]).toEqual([2]);
    expect([device.isMeasured(0), device.isMeasured(1), device.latest().length]).toEqual([false, false, 3]);
  });

  test("an instance that starts gets what is stored of it", () => {
    const device = deviceWith(row(1));
    const fresh = deviceWith(row(1), row(2));
    fresh.set("nextFact", 1, 4);
    changeLayout(device, fresh, []);
    expect(device.get("nextFact", 1)).toBe(4);
  });

  test("names the instances whose judgement changed", () => {
    const device = deviceWith(row(1), row(2), row(3));
    const fresh = deviceWith(row(1), row(2, { judgement: '{"warningAbove":5}' }), row(3, { failures_before_finding: 2 }), row(4));
    expect(changeLayout(device, fresh, [])).toEqual([1, 2]);
  });
});
