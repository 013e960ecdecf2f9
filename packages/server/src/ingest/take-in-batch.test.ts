import { describe, expect, test } from "bun:test";
import { newId } from "@hauswart/protocol/ids.ts";
import type { Batch, Sample } from "@hauswart/protocol/wire/messages.ts";
import { tank, tankRegistry, tankSample } from "@hauswart/testkit/tank-check.ts";
import { silentLogger } from "../operation/log.ts";
import { CheckLayouts, type InstanceSettings } from "./check-layout.ts";
import { compileChecks } from "./compiled-checks.ts";
import { DeviceMemory } from "./device-memory.ts";
import { takeInBatch } from "./take-in-batch.ts";
import type { TakenBatch } from "./taken-batch.ts";

const startMs = Date.UTC(2026, 2, 2, 10);
const minute = 60_000;
const identity = { providerId: newId(), customerId: newId(), siteId: newId(), deviceId: newId() };
const settings = (number: number, change: Partial<InstanceSettings> = {}): InstanceSettings => ({
  number,
  check_id: tank.id,
  instance: number === 0 ? "" : `tank ${number}`,
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
const layouts = () => new CheckLayouts(compileChecks(tankRegistry), silentLogger);

function makeDevice(rows: readonly InstanceSettings[] = [settings(0)]) {
  const failures: unknown[] = [];
  const device = new DeviceMemory(identity, 1, newId(), layouts().layoutOf(rows));
  let sequence = 0;
  /** Takes in samples `offsetMs` by a wrong clock, received at `atMs`. */
  const send = (
    atMs: number,
    samples: readonly Partial<Sample>[],
    { clockOffsetMs = 0, ...change }: Partial<Batch> & { clockOffsetMs?: number } = {},
  ) => {
    const batch = {
      type: "batch",
      stream: device.streamId,
      sequence: ++sequence,
      sentAt: atMs + clockOffsetMs,
      samples: samples.map((sample) => ({ check: 0, at: atMs + clockOffsetMs, selectionVersion: 1, tookMs: 1, ...sample })),
      ...change,
    } as Batch;
    const needs = {
      judgeFailed: (_check: string, error: unknown) => failures.push(error),
      calendarOf: () => {
        throw new Error("the tank asks for no calendar");
      },
    };
    return takeInBatch(needs, device, { batch, text: JSON.stringify(batch), receivedAtMs: atMs });
  };
  const taken = (atMs: number, samples: readonly Partial<Sample>[], change = {}): TakenBatch => {
    const result = send(atMs, samples, change);
    if (result.kind !== "taken") throw new Error(result.kind);
    return result.batch;
  };
  return { device, send, taken, failures };
}

const short = ({ findings }: TakenBatch) => findings.map(({ kind, code, subject }) => `${kind} ${code} ${subject}`.trim());

describe("values", () => {
  test("are split into columns, with a fact that is written once", () => {
    const { taken, device } = makeDevice();
    const first = taken(startMs, [{ ok: tankSample({ A: 10, B: null }) as never }]);
    expect(first.samples).toEqual({ checkNumbers: [0], agesMs: [0], factNumbers: [1], valueCounts: [3], values: [2, 10, Number.NaN] });
    expect(first.facts).toMatchObject([{ checkNumber: 0, factNumber: 1, receivedAtMs: startMs }]);
    expect(JSON.parse(first.facts[0]!.body)).toEqual({
      place: "cellar",
      tanks: [
        { name: "A", liquid: "water" },
        { name: "B", liquid: "water" },
      ],
    });
    const second = taken(startMs + minute, [{ ok: tankSample({ A: 11, B: 12 }) as never }]);
    expect([second.facts, second.samples.factNumbers, [...device.latest()]]).toEqual([[], [1], [2, 11, 12]]);
  });

  test("a fact that comes back gets its old number", () => {
    const { taken } = makeDevice();
    const places = ["cellar", "roof", "cellar", "roof", "yard", "cellar"];
    const numbers = places.map(
      (place, index) => taken(startMs + index * minute, [{ ok: tankSample({ A: 1 }, { place }) as never }]).samples.factNumbers[0],
    );
    expect(numbers).toEqual([1, 2, 1, 2, 3, 1]);
  });

  test("a fact that is not among the last four is written anew, so that the old one can be forgotten", () => {
    const { taken } = makeDevice();
    const batches = ["cellar", "roof", "cellar", "yard", "cellar", "attic", "cellar", "pier", "cellar"].map((place, index) =>
      taken(startMs + index * minute, [{ ok: tankSample({ A: 1 }, { place }) as never }]),
    );
    expect(batches.map(({ samples }) => samples.factNumbers[0]!)).toEqual([1, 2, 1, 3, 1, 4, 1, 5, 6]);
    expect(batches.at(-1)!.facts).toMatchObject([{ factNumber: 6, receivedAtMs: startMs + 8 * minute }]);
  });

  test("entries keep their own times, none in the future", () => {
    const { taken } = makeDevice();
    const leaks = [
      { at: startMs - 5_000, tank: "A" },
      { at: startMs + 10 * minute, tank: "B" },
    ];
    const { entries } = taken(startMs, [{ ok: tankSample({ A: 1 }, { leaks }) as never }]);
    expect(entries.map(({ field, atMs }) => [field, atMs])).toEqual([
      ["leaks", startMs - 5_000],
      ["leaks", startMs],
    ]);
  });

  test("entries of a wrong clock come to lie at their own times, to the millisecond", () => {
    const { taken } = makeDevice();
    const clockOffsetMs = 100_100;
    const leaks = [{ at: startMs - 5_000 + clockOffsetMs, tank: "A" }];
    const { entries } = taken(startMs, [{ ok: tankSample({ A: 1 }, { leaks }) as never }], { clockOffsetMs });
    expect(entries.map(({ atMs }) => atMs)).toEqual([startMs - 5_000]);
  });

  test("of several checks in one message stay apart", () => {
    const { taken, device } = makeDevice([settings(2), settings(7)]);
    taken(startMs, [
      { check: 7, ok: tankSample({ A: 1, B: 2 }) as never },
      { check: 2, ok: tankSample({ C: 3 }) as never },
    ]);
    expect([[...device.latestOf(0)], [...device.latestOf(1)]]).toEqual([
      [2, 3],
      [2, 1, 2],
    ]);
    taken(startMs + minute, [{ check: 2, ok: tankSample({ C: 4, D: 5 }) as never }]);
    expect([...device.latest()]).toEqual([2, 4, 5, 2, 1, 2]);
  });
});

describe("time", () => {
  const decades = 73 * 365 * 86_400_000;
  test("of a clock in 2099 is put right, and the clock is a finding", () => {
    const { taken } = makeDevice();
    const batch = taken(startMs, [{ at: startMs + decades - minute, ok: tankSample({ A: 99 }) as never }], { clockOffsetMs: decades });
    expect(batch.samples.agesMs).toEqual([minute]);
    expect(batch.findings).toMatchObject([
      { kind: "open", code: "full", atMs: startMs - minute },
      { kind: "open", code: "clock-wrong", evidence: { offsetSeconds: decades / 1_000 } },
    ]);
  });
  test("the clock's finding closes when it is right again", () => {
    const { taken } = makeDevice();
    taken(startMs, [{ ok: tankSample({ A: 1 }) as never }], { clockOffsetMs: 3_600_000 });
    expect(short(taken(startMs + minute, [{ ok: tankSample({ A: 1 }) as never }]))).toEqual(["close clock-wrong"]);
  });
  test.each([
    ["in the future", startMs + 3_600_000, 0],
    ["at the beginning of time", 0, 24 * 86_400_000],
    ["at the end of time", 8.64e15, 0],
  ])("%s is set to the nearest that can be", (_name, at, ageMs) => {
    const { send } = makeDevice();
    const result = send(startMs, [{ at, ok: tankSample({ A: 1 }) as never }]);
    expect(result).toMatchObject({ kind: "taken", oddities: { clamped: 1 }, batch: { samples: { agesMs: [ageMs] } } });
  });
});

describe("findings", () => {
  test("open and close at the times of their samples", () => {
    const { taken } = makeDevice();
    expect(short(taken(startMs, [{ ok: tankSample({ A: 90, B: 10 }) as never }]))).toEqual(["open full A"]);
    expect(taken(startMs + minute, [{ ok: tankSample({ A: 10, B: 10 }) as never }]).findings).toMatchObject([
      { kind: "close", code: "full", subject: "A", reason: "recovered", atMs: startMs + minute },
    ]);
  });
  test("of late samples are told after the catch-up only", () => {
    const { device, taken } = makeDevice();
    device.backlogSequence = 2;
    const late = taken(startMs, [{ at: startMs - 3_600_000, ok: tankSample({ A: 90 }) as never }]);
    expect(late.findings).toMatchObject([{ kind: "open", noticeDueAtMs: startMs + 30_000, atMs: startMs - 3_600_000 }]);
    const stillBacklogButFresh = taken(startMs, [{ at: startMs - 1_000, ok: tankSample({ A: 10, B: 90 }) as never }]);
    expect(stillBacklogButFresh.findings.at(-1)).toMatchObject({ kind: "open", subject: "B", noticeDueAtMs: null });
    const afterwards = taken(startMs, [{ at: startMs - 3_600_000, ok: tankSample({ C: 90 }) as never }]);
    expect(afterwards.findings.find(({ subject }) => subject === "C")).toMatchObject({ noticeDueAtMs: null });
  });
  test("a judge looks back on remembered points, not on the sample in hand", () => {
    const { taken } = makeDevice();
    const levels = [10, 20, 39, 40.5];
    const findings = levels.map((level, index) => short(taken(startMs + index * 10 * minute, [{ ok: tankSample({ A: level }) as never }])));
    expect(findings).toEqual([[], [], [], ["open rising A"]]);
  });
  test("the history forgets what is older than the check declares", () => {
    const { taken, device } = makeDevice();
    for (let index = 0; index < 30; index++) taken(startMs + index * 10 * minute, [{ ok: tankSample({ A: 10 }) as never }]);
    expect(device.histories!.get(0).points("tanks.levelPercent", "A").length).toBe(13);
  });
});

describe("what yields no sample", () => {
  test("no data and failures are noted when the outcome changes, and are unknown", () => {
    const { taken, device } = makeDevice();
    const outcomes = [
      { noData: "no tanks" },
      { noData: "no tanks" },
      { failed: "COLLECT_TIMED_OUT" as const, detail: "10 s" },
      { ok: tankSample({ A: 1 }) as never },
      { noData: "no tanks" },
    ].map((outcome, index) => taken(startMs + index * minute, [outcome]));
    expect(outcomes.map(({ outcomes: rows }) => rows.map(({ kind, code }) => `${kind} ${code}`))).toEqual([
      ["no-data null"],
      [],
      ["failed COLLECT_TIMED_OUT"],
      [],
      ["no-data null"],
    ]);
    expect(outcomes.map(({ samples }) => samples.factNumbers[0])).toEqual([-1, -1, -2, 1, -1]);
    expect(device.stateOf(0)).toMatchObject({ state: "unknown", unknownReason: "no-data", unknownDetail: "no tanks" });
  });
  test("a sample that does not fit is put aside with its message; the others are stored", () => {
    const { taken, device } = makeDevice([settings(0), settings(1)]);
    const batch = taken(startMs, [
      { check: 0, ok: { ...tankSample({ A: 1 }), pumpCount: -1 } },
      { check: 1, ok: tankSample({ A: 1 }) as never },
    ]);
    expect(batch.misfits).toEqual([{ checkNumber: 0, problem: expect.stringContaining("pumpCount") }]);
    expect(batch.samples.factNumbers).toEqual([-2, 1]);
    expect(short(batch)).toEqual(["open message-quarantined"]);
    expect([device.stateOf(0).unknownReason, device.stateOf(1).state]).toEqual(["collect-failed", "ok"]);
  });
  test("what is put aside later is told again, for somebody may have taken note of the first; once a minute is enough", () => {
    const { taken } = makeDevice();
    const misfits = [0, 1_000, minute, 61_000, 60 * minute].map((afterMs) =>
      short(taken(startMs + afterMs, [{ ok: { ...tankSample({ A: 1 }), pumpCount: -1 } }])),
    );
    expect(misfits).toEqual([["open message-quarantined"], [], ["open message-quarantined"], [], ["open message-quarantined"]]);
  });
  test("a judge that fails leaves the check unknown and harms nobody else", () => {
    const { taken, device, failures } = makeDevice([settings(0), settings(1)]);
    taken(startMs, [
      { check: 0, ok: tankSample({ A: 99 }, { place: "break the judge" }) as never },
      { check: 1, ok: tankSample({ A: 99 }) as never },
    ]);
    expect(failures.length).toBe(1);
    expect([device.stateOf(0).unknownReason, device.stateOf(1).state]).toEqual(["collect-failed", "failure"]);
  });
  test("samples of a check that the device no longer runs are counted and left out", () => {
    const { send } = makeDevice();
    const result = send(startMs, [
      { check: 5, ok: tankSample({ A: 1 }) as never },
      { check: 0, ok: tankSample({ A: 1 }) as never },
    ]);
    expect(result).toMatchObject({ kind: "taken", oddities: { unplaced: 1 }, batch: { samples: { checkNumbers: [0] } } });
  });
});

describe("the stream", () => {
  const sample = [{ ok: tankSample({ A: 90 }) as never }];
  test("a message that comes again changes nothing", () => {
    const { send, device } = makeDevice();
    send(startMs, sample);
    const before = structuredClone([device.lastSequence, device.stateOf(0), [...device.latest()]]);
    expect(send(startMs, sample, { sequence: 1 }).kind).toBe("duplicate");
    expect([device.lastSequence, device.stateOf(0), [...device.latest()]]).toEqual(before);
  });
  test("the same number with other content diverges", () => {
    const { send } = makeDevice();
    send(startMs, sample);
    expect(send(startMs, [{ ok: tankSample({ A: 91 }) as never }], { sequence: 1 }).kind).toBe("diverged");
  });
  test("the same samples are the same message, whenever they are sent", () => {
    const { send } = makeDevice();
    send(startMs, [{ at: startMs, ok: tankSample({ A: 1 }) as never }]);
    expect(send(startMs + minute, [{ at: startMs, ok: tankSample({ A: 1 }) as never }], { sequence: 1 }).kind).toBe("duplicate");
  });
  test("numbers may be skipped by the first message of a connection only, and that is a finding", () => {
    const { send, device, taken } = makeDevice();
    device.lastSequence = 4;
    expect(short(taken(startMs, sample, { sequence: 9 }))).toContain("open samples-dropped");
    expect(send(startMs, sample, { sequence: 11 }).kind).toBe("out-of-order");
  });
  test("a foreign stream is taken only after a new one was asked for", () => {
    const { send, device } = makeDevice();
    const other = newId();
    expect(send(startMs, sample, { stream: other, sequence: 1 }).kind).toBe("out-of-order");
    device.awaitsNewStream = true;
    expect(send(startMs, sample, { sequence: 1 }).kind).toBe("out-of-order");
    expect(send(startMs, sample, { stream: other, sequence: 1 }).kind).toBe("taken");
    expect([device.streamId, device.lastSequence]).toEqual([other, 1]);
  });
  test("after a set-back, what was stored before is not stored twice", () => {
    const { device, send } = makeDevice();
    send(startMs, sample);
    device.awaitsNewStream = true;
    device.backlogSequence = 1;
    device.rememberRepeats();
    const stream = newId();
    const result = send(
      startMs + 5 * minute,
      [
        { at: startMs, ...sample[0] },
        { at: startMs + 4 * minute, ...sample[0] },
      ],
      { stream, sequence: 1 },
    );
    expect(result).toMatchObject({ kind: "taken", oddities: { repeated: 1 }, batch: { samples: { agesMs: [minute] } } });
  });
});
