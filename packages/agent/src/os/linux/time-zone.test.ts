import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linuxOffset, parseTimeZone } from "./time-zone.ts";

const hour = 3_600_000;
const at = (text: string) => Date.parse(text);

/** A compiled zone as zic writes it: an empty first block, then moments of 64 bits. */
function zone(offsetsSeconds: readonly number[], transitions: readonly (readonly [at: string, type: number])[], rule: string): Uint8Array {
  const header = (counts: readonly number[]) => {
    const bytes = Buffer.alloc(44);
    bytes.write("TZif2");
    counts.forEach((count, index) => bytes.writeUInt32BE(count, 20 + index * 4));
    return bytes;
  };
  const type = (seconds: number) => {
    const bytes = Buffer.alloc(6);
    bytes.writeInt32BE(seconds);
    return bytes;
  };
  const moment = (text: string) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt(at(text) / 1_000));
    return bytes;
  };
  return Buffer.concat([
    header([0, 0, 0, 0, 1, 1]),
    type(0),
    Buffer.from("\0"),
    header([0, 0, 0, transitions.length, offsetsSeconds.length, 1]),
    ...transitions.map(([text]) => moment(text)),
    Buffer.from(transitions.map(([, number]) => number)),
    ...offsetsSeconds.map(type),
    Buffer.from("\0"),
    Buffer.from(`\n${rule}\n`),
  ]);
}
const hoursBy = (rule: string, ...moments: string[]) => {
  const offset = parseTimeZone(zone([0], [], rule))!;
  return moments.map((moment) => offset(at(moment)) / hour);
};

describe("a compiled time zone", () => {
  test("its transitions hold, the first type before them, and its rule after them", () => {
    const bytes = zone(
      [3_208, 3_600, 7_200],
      [
        ["1893-03-31T23:06:32Z", 1],
        ["1980-04-06T01:00:00Z", 2],
        ["1980-09-28T01:00:00Z", 1],
      ],
      "CET-1CEST,M3.5.0,M10.5.0/3",
    );
    const offset = parseTimeZone(bytes)!;
    const seconds = (text: string) => offset(at(text)) / 1_000;
    expect(seconds("1850-01-01T00:00:00Z")).toBe(3_208);
    expect(seconds("1893-03-31T23:06:31Z")).toBe(3_208);
    expect(seconds("1893-03-31T23:06:32Z")).toBe(3_600);
    expect(seconds("1980-07-01T00:00:00Z")).toBe(7_200);
    expect([seconds("2026-03-29T00:59:59Z"), seconds("2026-03-29T01:00:00Z")]).toEqual([3_600, 7_200]);
    expect([seconds("2026-10-25T00:59:59Z"), seconds("2026-10-25T01:00:00Z")]).toEqual([7_200, 3_600]);
  });

  test("without a rule its last transition holds", () => {
    const offset = parseTimeZone(zone([0, 7_200], [["2000-01-01T00:00:00Z", 1]], ""))!;
    expect([offset(at("1999-12-31T23:59:59Z")), offset(at("2040-01-01T00:00:00Z"))]).toEqual([0, 2 * hour]);
  });

  test("rules of every form", () => {
    expect(hoursBy("UTC0", "2026-07-01T00:00:00Z")).toEqual([0]);
    expect(hoursBy("<+0530>-5:30", "2026-07-01T00:00:00Z")).toEqual([5.5]);
    expect(hoursBy("<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "2026-03-28T23:59:59Z", "2026-03-29T01:00:00Z")).toEqual([-3, -2]);
    // In the south summer time lasts over the turn of the year.
    expect(hoursBy("NZST-12NZDT,M9.5.0,M4.1.0/3", "2026-01-01T00:00:00Z", "2026-07-01T00:00:00Z")).toEqual([13, 12]);
    // Lord Howe's is half an hour.
    expect(hoursBy("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-01-01T00:00:00Z", "2026-07-01T00:00:00Z")).toEqual([11, 10.5]);
    // Days of the year, without and with 29 February.
    expect(hoursBy("A0B,J60/0,J300/0", "2028-02-29T23:59:59Z", "2028-03-01T00:00:00Z")).toEqual([0, 1]);
    expect(hoursBy("A0B,59/0,300/0", "2028-02-28T23:59:59Z", "2028-02-29T00:00:00Z")).toEqual([0, 1]);
  });

  test("what is none is none, wherever it was cut off", () => {
    const bytes = zone([3_600], [["2000-01-01T00:00:00Z", 0]], "CET-1");
    for (let length = 0; length < bytes.length - "\nCET-1\n".length; length++)
      expect(parseTimeZone(bytes.subarray(0, length))).toBeUndefined();
    expect(parseTimeZone(Buffer.from("TZif\0".padEnd(200, "\0")))).toBeUndefined();
    expect(parseTimeZone(zone([0], [], "no rule at all"))).toBeUndefined();
    expect(parseTimeZone(zone([], [], "CET-1"))).toBeUndefined();
  });
});

const zones = "/usr/share/zoneinfo";
/** Their rules have stood for long, so that two editions of the world's zones agree on them. */
const settled = ["Europe/Berlin", "Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "Pacific/Auckland", "Asia/Kolkata"];
/** What the runtime knows of a zone, which is of another making. */
function runtimeOffsetIn(timeZone: string): (atMs: number) => number {
  const form = new Intl.DateTimeFormat("en", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (atMs) => {
    const parts = form.formatToParts(atMs);
    const part = (wanted: string) => Number(parts.find(({ type }) => type === wanted)?.value);
    return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second")) - atMs;
  };
}

for (const name of settled)
  test.skipIf(!existsSync(join(zones, name)))(`${name} of this computer is what the runtime says, from 1990 to 2060`, () => {
    const offset = parseTimeZone(readFileSync(join(zones, name)))!;
    const runtime = runtimeOffsetIn(name);
    for (let hours = 0; hours < 70 * 8_766; hours += 61) {
      const atMs = Date.UTC(1990, 0, 1) + hours * hour;
      if (offset(atMs) !== runtime(atMs)) expect([new Date(atMs).toISOString(), offset(atMs)]).toEqual(["", runtime(atMs)]);
    }
  });

describe("the offset of a computer", () => {
  const folder = mkdtempSync(join(tmpdir(), "hauswart-zone-"));
  const path = join(folder, "localtime");
  const before = process.env["TZ"];
  delete process.env["TZ"];
  const offset = linuxOffset(path);
  if (before !== undefined) process.env["TZ"] = before;
  afterAll(() => rmSync(folder, { recursive: true }));

  test("is that of its file, also after another was put there, and the runtime's where there is none", () => {
    const summer = at("2026-07-01T00:00:00Z");
    const runtime = 0 - new Date(summer).getTimezoneOffset() * 60_000;
    expect(offset(summer)).toBe(runtime);
    writeFileSync(path, zone([0], [], "CET-1CEST,M3.5.0,M10.5.0/3"));
    expect(offset(summer)).toBe(2 * hour);
    rmSync(path);
    writeFileSync(path, zone([0], [], "EST5EDT,M3.2.0,M11.1.0"));
    expect(offset(summer)).toBe(-4 * hour);
    writeFileSync(path, "no zone, and longer");
    expect(offset(summer)).toBe(runtime);
  });
});
