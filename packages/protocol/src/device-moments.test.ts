import { expect, test } from "bun:test";
import { z } from "zod";
import { compileMomentMove } from "./device-moments.ts";
import { entries, fact, list, series, subject } from "./fields.ts";

const sample = z.object({
  startedAt: fact.moment("When it started."),
  endedAt: fact.moment("When it ended.").nullable(),
  seenAt: fact.moment("When it was seen.").optional(),
  validUntil: fact.statedMoment("Until when it is valid."),
  ageSeconds: series.seconds("Age."),
  jobs: list({ job: subject("The job."), lastAt: fact.moment("When it ran last.").nullable(), runCount: series.count("Runs.") }),
  disks: list({ disk: subject("The disk.") }).optional(),
  table: fact.rows({ name: fact.text("A name."), since: fact.moment("Since when.") }, "A table."),
  events: entries({ text: fact.text("What.") }, "What happened."),
});
const move = compileMomentMove(sample)!;
const measured = sample.parse({
  startedAt: 10_000,
  endedAt: null,
  validUntil: 5_000,
  ageSeconds: 3,
  jobs: [
    { job: "a", lastAt: 8_000, runCount: 1 },
    { job: "b", lastAt: null, runCount: 2 },
  ],
  table: [{ name: "x", since: 500 }],
  events: [{ at: 9_000, text: "it happened" }],
});

test("moments of the device's clock move, wherever they stand, and nothing else", () => {
  const before = structuredClone(measured);
  expect(move(measured, -1_000)).toEqual({
    ...measured,
    startedAt: 9_000,
    jobs: [
      { job: "a", lastAt: 7_000, runCount: 1 },
      { job: "b", lastAt: null, runCount: 2 },
    ],
    table: [{ name: "x", since: 0 }],
    events: [{ at: 8_000, text: "it happened" }],
  });
  expect(measured).toEqual(before);
});

test("the fields keep their order, by which facts are told apart", () => {
  const moved = move({ ...measured, seenAt: 1, disks: [] }, 7);
  expect(JSON.stringify(Object.keys(moved))).toBe(JSON.stringify(Object.keys({ ...measured, seenAt: 1, disks: [] })));
  expect(moved).toMatchObject({ seenAt: 8, disks: [] });
});

test("there is nothing to do where only others state moments", () => {
  expect(compileMomentMove(z.object({ validUntil: fact.statedMoment("Until when."), sizeBytes: series.bytes("Size.") }))).toBeUndefined();
});
