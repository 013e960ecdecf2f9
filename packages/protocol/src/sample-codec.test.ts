import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { defineCheck, type SampleOf } from "./check.ts";
import { entries, fact, list, series, subject } from "./fields.ts";
import { compileCodec } from "./sample-codec.ts";

/** A check with this sample. */
const checkWith = <Shape extends z.ZodRawShape>(shape: Shape) =>
  defineCheck({
    id: "example",
    version: 1,
    description: "An example.",
    promises: [],
    cycle: { everyMinutes: 1 },
    failuresBeforeFinding: 1,
    sample: z.object(shape),
    selection: z.object({}),
    judgement: z.object({}),
    findings: { bad: { description: "It is bad.", raises: ["failure"] } },
    onByDefault: true,
  });

const example = checkWith({
  loadPercent: series.percent("Load."),
  model: fact.text("Model."),
  spareCount: series.count("Spares, if it tells.").optional(),
  disks: list({
    name: subject("Name."),
    sizeBytes: fact.bytes("Size.").nullable(),
    freeBytes: series.bytes("Free.").nullable(),
    isOld: fact.flag("Old.").optional(),
    heat: series.number("Heat.").optional(),
  }),
  ports: list({ port: subject("Port."), openCount: series.count("Open.") }).optional(),
  events: entries({ text: fact.text("What.") }, "What happened."),
});
type Example = SampleOf<typeof example>;

const codec = compileCodec(example);
const sample: Example = {
  loadPercent: 12.5,
  model: "größer",
  disks: [
    { name: "a", sizeBytes: 10, freeBytes: 5, heat: -1.5 },
    { name: "b", sizeBytes: null, freeBytes: null, isOld: true },
  ],
  events: [{ at: 5, text: "started" }],
};

describe("a sample", () => {
  test("is taken apart into fact, values in the order of the declaration, and entries", () => {
    expect(codec.split(sample)).toEqual({
      fact: {
        model: "größer",
        disks: [
          { name: "a", sizeBytes: 10 },
          { name: "b", sizeBytes: null, isOld: true },
        ],
      },
      values: [12.5, null, 5, -1.5, null, null],
      entries: { events: [{ at: 5, text: "started" }] },
    });
  });
  test("comes back as it was: null where it was null, nothing where there was nothing", () => {
    const { fact: kept, values, entries: rows } = codec.split(sample);
    expect(codec.join(kept, values, rows)).toStrictEqual(sample);
  });
  test("without entries has an empty list of them", () => {
    const { fact: kept, values } = codec.split(sample);
    expect(codec.join(kept, values)).toStrictEqual({ ...sample, events: [] });
    expect(codec.split({ ...sample, events: [] }).entries).toEqual({});
  });
  test.each<[string, Partial<Example>]>([
    ["zero is not nothing", { loadPercent: 0, spareCount: 0 }],
    ["no rows", { disks: [] }],
    ["an optional list that is there and empty", { ports: [] }],
    ["an optional list with rows", { ports: [{ port: "1", openCount: 3 }] }],
  ])("%s", (_, changes) => {
    const changed = { ...sample, ...changes };
    const stored = codec.split(changed);
    expect(codec.join(stored.fact, stored.values, stored.entries)).toStrictEqual(changed);
  });
});

describe("the values", () => {
  test("are named position by position", () => {
    const { fact: kept, values } = codec.split(sample);
    const named = codec.describe(kept);
    expect(named).toHaveLength(values.length);
    expect(named).toEqual([
      { field: "loadPercent", unit: "percent", subject: "" },
      { field: "spareCount", unit: "count", subject: "" },
      { field: "disks.freeBytes", unit: "bytes", subject: "a" },
      { field: "disks.heat", unit: "number", subject: "a" },
      { field: "disks.freeBytes", unit: "bytes", subject: "b" },
      { field: "disks.heat", unit: "number", subject: "b" },
    ]);
  });
  test("that a check can have are known without a sample", () => {
    expect(codec.series.map(({ field }) => field)).toEqual([
      "loadPercent",
      "spareCount",
      "disks.freeBytes",
      "disks.heat",
      "ports.openCount",
    ]);
  });
});

test("equal facts are equal as text, whatever the order of the sample's fields", () => {
  const turned = {
    events: sample.events,
    disks: sample.disks.map((row) => Object.fromEntries(Object.entries(row).reverse())),
    model: sample.model,
    loadPercent: 99,
  } as unknown as Example;
  expect(JSON.stringify(codec.split(turned).fact)).toBe(JSON.stringify(codec.split(sample).fact));
});

describe("a declaration is refused", () => {
  test.each<[string, z.ZodRawShape, string]>([
    ["with a field of no kind", { plain: z.string() }, "plain: not declared"],
    ["with a field of no kind in a list", { rows: z.array(z.object({ name: subject("N."), plain: z.number() })) }, "plain: not declared"],
    ["with a list without a subject", { rows: list({ size: fact.bytes("S.") }) }, "exactly one field"],
    ["with a list of two subjects", { rows: list({ one: subject("1."), two: subject("2.") }) }, "exactly one field"],
    ["with a list of plain values", { rows: z.array(z.string()) }, "holds objects"],
    ["with a series whose missing number has two meanings", { value: series.number("V.").nullable().optional() }, "nullable or optional"],
  ])("%s", (_, shape, message) => {
    expect(() => compileCodec(checkWith(shape))).toThrow(message);
  });
});
