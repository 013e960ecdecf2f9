import type { RotaLayer } from "@hauswart/protocol/api/routing.ts";
import { WorkingTime } from "@hauswart/calendar/working-time.ts";
import { describe, expect, test } from "bun:test";
import { openHoursOf } from "../hours.ts";
import { shiftAt, shiftsBetween, type RotaTimes, type StandIn } from "./shifts.ts";

const weekdays = { from: "09:00", to: "18:00" };
const service = new WorkingTime({
  timeZone: "Europe/Berlin",
  hours: { 1: [weekdays], 2: [weekdays], 3: [weekdays], 4: [weekdays], 5: [weekdays] },
  workingDays: [1, 2, 3, 4, 5],
  holidays: [],
  halfDaysWork: true,
});
const layer = (more: Partial<RotaLayer> = {}): RotaLayer => ({
  name: "First line",
  hours: "always",
  startsOn: "2026-03-02",
  handover: { weekday: 1, time: "08:00" },
  everyWeeks: 1,
  accountIds: ["anna", "ben", "clara"],
  ...more,
});
const rota = (layers: RotaLayer[], overrides: StandIn[] = []): RotaTimes => ({ timeZone: "Europe/Berlin", layers, overrides, service });
const at = (local: string) => Temporal.PlainDateTime.from(local).toZonedDateTime("Europe/Berlin").epochMilliseconds;
const who = (times: RotaTimes, local: string, index = 0) => shiftAt(times, index, at(local))?.accountId;
const standIn = (from: string, until: string, accountId = "dora", overrideId = "1"): StandIn => ({
  overrideId,
  layer: 0,
  accountId,
  fromMs: at(from),
  untilMs: at(until),
});

describe("who is on call", () => {
  test.each([
    ["before the layer starts", "2026-03-02T07:59", undefined],
    ["from the first handover", "2026-03-02T08:00", "anna"],
    ["until the next", "2026-03-09T07:59", "anna"],
    ["from the next", "2026-03-09T08:00", "ben"],
    ["the third week", "2026-03-16T12:00", "clara"],
    ["and again from the beginning", "2026-03-23T08:00", "anna"],
    ["the handover after the clocks went forward", "2026-03-30T08:00", "ben"],
    ["and the minute before it", "2026-03-30T07:59", "anna"],
    ["after the clocks went back, months later", "2026-10-26T08:00", "ben"],
    ["and the minute before that", "2026-10-26T07:59", "anna"],
  ])("%s", (_, local, expected) => {
    expect(who(rota([layer()]), local)).toBe(expected as string);
  });

  test("a handover at a local time that clocks skip or double is that one moment, and later ones keep their local time", () => {
    const sunday = { weekday: 7, time: "02:30" };
    const until = (times: RotaTimes, moment: string) => new Date(shiftAt(times, 0, Date.parse(moment))!.untilMs).toISOString().slice(0, 16);
    // 29 March 2026: the clock goes from 01:59 to 03:00, at 01:00 UTC.
    const spring = rota([layer({ handover: sunday, startsOn: "2026-03-22" })]);
    expect(until(spring, "2026-03-28T12:00Z")).toBe("2026-03-29T01:00");
    expect(until(spring, "2026-03-29T01:00Z")).toBe("2026-04-05T00:30");
    // A rota that begins on that very day is not an hour late ever after.
    expect(until(rota([layer({ handover: sunday, startsOn: "2026-03-29" })]), "2026-03-30T12:00Z")).toBe("2026-04-05T00:30");
    // 25 October 2026: 02:30 comes at 00:30 UTC and again at 01:30 UTC.
    const autumn = rota([layer({ handover: sunday, startsOn: "2026-10-18" })]);
    expect(until(autumn, "2026-10-24T12:00Z")).toBe("2026-10-25T00:30");
    expect(until(autumn, "2026-10-25T00:30Z")).toBe("2026-11-01T01:30");
    const week = shiftsBetween(autumn, Date.parse("2026-10-18T12:00Z"), Date.parse("2026-11-08T12:00Z"));
    expect(week.map(({ accountId }) => accountId)).toEqual(["anna", "ben", "clara", "anna"]);
  });

  test("service hours around the clock, and none at all", () => {
    const day = [{ from: "00:00", to: "24:00" }];
    const calendar = (hours: object) =>
      new WorkingTime({ timeZone: "Europe/Berlin", hours, workingDays: [], holidays: [], halfDaysWork: true });
    const layers = [layer({ hours: "service" }), layer({ hours: "outside-service", accountIds: ["nina"] })];
    const always = { ...rota(layers), service: calendar({ 1: day, 2: day, 3: day, 4: day, 5: day, 6: day, 7: day }) };
    const [from, until] = [at("2026-03-03T00:00"), at("2026-03-17T00:00")];
    expect(shiftsBetween(always, from, until).map(({ accountId }) => accountId)).toEqual(["anna", "ben", "clara"]);
    const never = { ...rota(layers), service: openHoursOf(calendar({})) };
    expect(shiftsBetween(never, from, until).map(({ accountId }) => accountId)).toEqual(["nina"]);
  });

  test("a start in the middle of a week counts from the handover before it", () => {
    expect(who(rota([layer({ startsOn: "2026-03-05" })]), "2026-03-03T12:00")).toBe("anna");
    expect(who(rota([layer({ startsOn: "2026-03-05" })]), "2026-03-10T12:00")).toBe("ben");
  });

  test("every two weeks", () => {
    const fortnight = rota([layer({ everyWeeks: 2 })]);
    expect(["2026-03-15T12:00", "2026-03-16T08:00", "2026-03-30T08:00"].map((local) => who(fortnight, local))).toEqual([
      "anna",
      "ben",
      "clara",
    ]);
  });

  test("a stand-in for a day, and the newest of two", () => {
    const swapped = rota(
      [layer()],
      [standIn("2026-03-04T00:00", "2026-03-05T00:00"), standIn("2026-03-04T12:00", "2026-03-04T14:00", "emil", "2")],
    );
    expect(
      ["2026-03-03T23:59", "2026-03-04T00:00", "2026-03-04T13:00", "2026-03-04T14:00", "2026-03-05T00:00"].map((local) =>
        who(swapped, local),
      ),
    ).toEqual(["anna", "dora", "emil", "dora", "anna"]);
  });

  test("layers that hold in the service hours, and outside of them", () => {
    const both = rota([layer({ hours: "service" }), layer({ hours: "outside-service", accountIds: ["nina"] })]);
    const pair = (local: string) => [who(both, local), who(both, local, 1)];
    expect(pair("2026-03-03T08:59")).toEqual([undefined, "nina"]);
    expect(pair("2026-03-03T09:00")).toEqual(["anna", undefined]);
    expect(pair("2026-03-07T12:00")).toEqual([undefined, "nina"]);
  });
});

describe("the calendar", () => {
  test("two weeks with a swapped day: no gap and no overlap", () => {
    const shifts = shiftsBetween(
      rota([layer()], [standIn("2026-03-04T08:00", "2026-03-05T08:00")]),
      at("2026-03-02T08:00"),
      at("2026-03-16T08:00"),
    );
    expect(shifts.map(({ accountId }) => accountId)).toEqual(["anna", "dora", "anna", "ben"]);
    for (const [index, { fromMs }] of shifts.entries())
      expect(fromMs).toBe(index === 0 ? at("2026-03-02T08:00") : shifts[index - 1]!.untilMs);
    expect(shifts.at(-1)!.untilMs).toBe(at("2026-03-16T08:00"));
  });

  test("in service hours there is one shift a working day; none on a weekend", () => {
    const shifts = shiftsBetween(rota([layer({ hours: "service" })]), at("2026-03-02T00:00"), at("2026-03-09T00:00"));
    expect(shifts.map(({ fromMs, untilMs }) => (untilMs - fromMs) / 3_600_000)).toEqual([9, 9, 9, 9, 9]);
  });

  test("nothing before the layer starts, and a stand-in before it counts", () => {
    const shifts = shiftsBetween(
      rota([layer()], [standIn("2026-02-27T00:00", "2026-02-28T00:00")]),
      at("2026-02-23T00:00"),
      at("2026-03-03T00:00"),
    );
    expect(shifts.map(({ accountId }) => accountId)).toEqual(["dora", "anna"]);
  });
});
