import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { readColumn, writeColumn } from "./number-column.ts";
import { DayBuilder, decodeDay, encodeDay, valueCount, type PackedDay } from "./packed-day.ts";

const throughColumn = (values: Float64Array) => {
  const writer = new ByteWriter();
  writeColumn(writer, values);
  return readColumn(new ByteReader(writer.finish().slice()), values.length);
};
const bitsOf = (values: Float64Array) => [...new BigUint64Array(Float64Array.from(values).buffer)];
/** NaN has many bit patterns and one meaning. */
const same = (a: Float64Array, b: Float64Array) =>
  expect(bitsOf(a.map((value) => (Number.isNaN(value) ? NaN : value)))).toEqual(
    bitsOf(b.map((value) => (Number.isNaN(value) ? NaN : value))),
  );

describe("a column of numbers comes back bit by bit", () => {
  const columns: Record<string, fc.Arbitrary<number[]>> = {
    "any doubles": fc.array(fc.double()),
    "whole numbers": fc.array(fc.maxSafeInteger()),
    "amounts in blocks": fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }).map((blocks) => blocks * 4_096)),
    "two decimals": fc.array(fc.integer({ min: -10_000, max: 10_000 }).map((hundredths) => hundredths / 100)),
    "32-bit floats": fc.array(fc.float()),
    "a growing counter": fc
      .array(fc.nat(1_000))
      .map((steps) => steps.map((_, index) => steps.slice(0, index).reduce((a, b) => a + b, 1e9))),
    extremes: fc.array(
      fc.constantFrom(0, -0, NaN, Infinity, -Infinity, Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53, -(2 ** 53), 2 ** 49, 0.1 + 0.2),
    ),
  };
  for (const [name, values] of Object.entries(columns))
    test(name, () =>
      fc.assert(
        fc.property(values, (list) => same(throughColumn(Float64Array.from(list)), Float64Array.from(list))),
        { numRuns: 300 },
      ),
    );
});

test("whole numbers and texts come back", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.maxSafeNat(), fc.integer({ min: -(2 ** 51), max: 2 ** 51 }), fc.string({ unit: "grapheme" }))),
      (rows) => {
        const writer = new ByteWriter();
        for (const [whole, signed, text] of rows) {
          writer.whole(whole);
          writer.signed(signed);
          writer.text(text);
        }
        const reader = new ByteReader(writer.finish());
        for (const [whole, signed, text] of rows) expect([reader.whole(), reader.signed(), reader.text()]).toEqual([whole, signed, text]);
      },
    ),
  );
});

const day: fc.Arbitrary<PackedDay> = fc
  .array(
    fc.record({
      timeMs: fc.nat(86_400_000).map((ms) => ms + 1.7e12),
      fact: fc.integer({ min: -2, max: 5 }),
      a: fc.option(fc.double({ noNaN: true })),
      b: fc.option(fc.nat(100)),
    }),
    { maxLength: 60 },
  )
  .map((samples) => {
    const builder = new DayBuilder();
    for (const { timeMs, fact, a, b } of samples) {
      const values = builder.add(timeMs, fact);
      if (a !== null) values.set("a", a);
      if (b !== null) values.set("list.b", b);
    }
    return builder.build();
  });

const expectSameDay = (a: PackedDay, b: PackedDay) => {
  same(a.timesMs, b.timesMs);
  same(a.facts, b.facts);
  expect([...a.fields.keys()].sort()).toEqual([...b.fields.keys()].sort());
  for (const [field, column] of a.fields) same(column, b.fields.get(field)!);
};

describe("a packed day", () => {
  test("comes back as it was", () => fc.assert(fc.property(day, (packed) => expectSameDay(decodeDay(encodeDay(packed)), packed))));
  test("packed twice is packed once", () =>
    fc.assert(
      fc.property(day, (packed) => {
        const builder = new DayBuilder();
        builder.addPacked(decodeDay(encodeDay(packed)));
        builder.addPacked(packed);
        expectSameDay(builder.build(), packed);
      }),
    ));
  test("takes late samples in, whatever the order", () =>
    fc.assert(
      fc.property(day, day, (early, late) => {
        const times = new Set(early.timesMs);
        fc.pre([...late.timesMs].every((timeMs) => !times.has(timeMs)));
        const merge = (first: PackedDay, second: PackedDay) => {
          const builder = new DayBuilder();
          builder.addPacked(first);
          builder.addPacked(second);
          return builder.build();
        };
        expectSameDay(merge(early, late), merge(late, early));
        expect(valueCount(merge(early, late))).toBe(valueCount(early) + valueCount(late));
      }),
    ));
  test("refuses a body of another version and a broken one", () => {
    const body = encodeDay(new DayBuilder().build());
    expect(() => decodeDay(Buffer.concat([Buffer.of(9), body.subarray(1)]))).toThrow("version 9");
    expect(() => decodeDay(body.subarray(0, 4))).toThrow();
  });
});

describe("size, over a day of one measurement a minute", () => {
  const random = seededRandom(7);
  const noise = (width: number) => (random() + random() + random() - 1.5) * width;
  const times = Array.from({ length: 1_440 }, (_, minute) => 1.7e12 + minute * 60_000 + Math.round(noise(40)));
  const bytesPerValue = (fields: Record<string, (minute: number) => number>) => {
    const builder = new DayBuilder();
    times.forEach((timeMs, minute) => {
      const values = builder.add(timeMs, 3);
      for (const [field, value] of Object.entries(fields)) values.set(field, value(minute));
    });
    const packed = builder.build();
    return encodeDay(packed).length / valueCount(packed);
  };
  test("a volume's free bytes, total and free inodes need less than 2 bytes a value", () => {
    let free = 56_000_000_000;
    expect(
      bytesPerValue({
        availableBytes: () => (free -= Math.round(noise(300)) * 4_096),
        totalBytes: () => 256_000_000_000,
        availableInodesPercent: (minute) => 91.2 - Math.floor(minute / 400) / 10,
      }),
    ).toBeLessThan(2);
  });
  test("a load in percent with two decimals needs less than 3 bytes", () => {
    expect(
      bytesPerValue({ averagePercent: (minute) => Math.round(Math.max(0, 20 + 15 * Math.sin(minute / 200) + noise(8)) * 100) / 100 }),
    ).toBeLessThan(3);
  });
  test("an uptime needs less than 2 bytes", () => {
    expect(bytesPerValue({ uptimeSeconds: (minute) => 864_000 + Math.floor((times[minute]! - 1.7e12) / 1_000) })).toBeLessThan(2);
  });
});

/** Numbers from 0 to 1, the same in each run (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
