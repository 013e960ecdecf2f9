import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { runtimeOffset } from "../os/local-offset.ts";
import * as due from "./due.ts";
import { hash32, type Timed } from "./due.ts";

const nextDue = (timed: Timed, deviceId: string, afterMs: number) => due.nextDue(timed, deviceId, afterMs, runtimeOffset);
const previousDaily = (timed: Timed, deviceId: string, nowMs: number) => due.previousDaily(timed, deviceId, nowMs, runtimeOffset);
const minute = 60_000;
const hour = 3_600_000;
const every = (everySeconds: number, check = "test"): Timed => ({ check, instance: "", everySeconds });
const daily = (dailyAtHour: number): Timed => ({ check: "test", instance: "", everySeconds: 86_400, dailyAtHour });

describe("cycles", () => {
  test("are kept to the millisecond, for ever", () => {
    for (const seconds of [1, 7, 60, 300, 900, 1_800, 3_600]) {
      let dueMs = nextDue(every(seconds), "device", 1_700_000_000_123);
      expect(dueMs).toBeGreaterThan(1_700_000_000_123);
      expect(dueMs).toBeLessThanOrEqual(1_700_000_000_123 + seconds * 1_000);
      for (let count = 0; count < 100; count++) {
        const next = nextDue(every(seconds), "device", dueMs + 17);
        expect(next - dueMs).toBe(seconds * 1_000);
        dueMs = next;
      }
    }
  });

  test("of one computer share one second of the minute", () => {
    const seconds = new Set(
      ["a", "b", "c", "d"].flatMap((check) => [60, 300, 3_600].map((cycle) => nextDue(every(cycle, check), "device", 0) % minute)),
    );
    expect(seconds.size).toBe(1);
  });

  test("of one computer fall into one minute as far as their lengths allow", () => {
    for (let device = 0; device < 100; device++) {
      const of = (seconds: number, check: string) => nextDue(every(seconds, check), `device-${device}`, 0);
      expect(of(300, "a")).toBe(of(300, "b"));
      // An hour, a quarter of one and five minutes: the longer one is due when the shorter one is as well.
      expect((of(3_600, "a") - of(900, "b")) % (15 * minute)).toBe(0);
      expect((of(900, "a") - of(300, "b")) % (5 * minute)).toBe(0);
    }
  });

  test("of a fleet are spread evenly over the minute, long ones over their minutes", () => {
    const perTenth = Array.from({ length: 10 }, () => 0);
    const perMinute = Array.from({ length: 15 }, () => 0);
    for (let device = 0; device < 3_000; device++) {
      const dueMs = nextDue(every(60), `device-${device}`, 0);
      perTenth[Math.floor(((dueMs % minute) / minute) * 10)]!++;
      perMinute[Math.floor(nextDue(every(900), `device-${device}`, 0) / minute) % 15]!++;
    }
    for (const count of perTenth) expect(Math.abs(count - 300)).toBeLessThan(90);
    for (const count of perMinute) expect(Math.abs(count - 200)).toBeLessThan(70);
  });
});

describe("daily, in Europe/Berlin", () => {
  const before = process.env["TZ"];
  beforeAll(() => void (process.env["TZ"] = "Europe/Berlin"));
  afterAll(() => {
    if (before === undefined) delete process.env["TZ"];
    else process.env["TZ"] = before;
  });
  const at = (text: string) => Date.parse(text);
  const local = (ms: number) => new Date(ms).toLocaleTimeString("de-DE", { timeZone: "Europe/Berlin", hour: "2-digit", minute: "2-digit" });

  test("is due once a day within ten minutes of its hour, in winter and in summer", () => {
    let dueMs = at("2026-01-01T00:00:00Z");
    for (let day = 0; day < 400; day++) {
      const next = nextDue(daily(9), "device", dueMs);
      expect(local(next)).toMatch(/^09:0\d$/);
      if (day > 0) expect(Math.abs(next - dueMs - 24 * hour)).toBeLessThanOrEqual(hour);
      dueMs = next;
    }
  });

  test("an hour that summer time leaves out is the one after it, once", () => {
    const dueMs = nextDue(daily(2), "device", at("2027-03-27T12:00:00Z"));
    expect(new Date(dueMs).toISOString()).toStartWith("2027-03-28T01:0");
    expect(local(dueMs)).toMatch(/^03:0\d$/);
    expect(nextDue(daily(2), "device", dueMs) - dueMs).toBe(23 * hour);
  });

  test("an hour that comes twice counts once", () => {
    const dueMs = nextDue(daily(2), "device", at("2026-10-24T12:00:00Z"));
    expect(new Date(dueMs).toISOString()).toStartWith("2026-10-25T00:0");
    expect(nextDue(daily(2), "device", dueMs) - dueMs).toBe(25 * hour);
  });

  test("the moment before is found, also just after and just before it", () => {
    const dueMs = nextDue(daily(9), "device", at("2026-05-05T12:00:00Z"));
    expect(previousDaily(daily(9), "device", dueMs)).toBe(dueMs);
    expect(previousDaily(daily(9), "device", dueMs - 1)).toBe(dueMs - 24 * hour);
    expect(previousDaily(daily(23), "device", at("2026-05-05T00:30:00+02:00"))).toBeLessThan(at("2026-05-05T00:00:00+02:00"));
  });
});

test("the hash is FNV-1a", () => {
  expect([hash32(""), hash32("a"), hash32("foobar")]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
});
