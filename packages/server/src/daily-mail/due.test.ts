import { expect, test } from "bun:test";
import { dueDailyMail } from "./due.ts";

const zone = "Europe/Berlin";
const at = (text: string) => Temporal.ZonedDateTime.from(`${text}[${zone}]`).epochMilliseconds;
const hours = (due: ReturnType<typeof dueDailyMail>) => due && (due.dueAtMs - due.fromMs) / 3_600_000;
const last = (day: string) => ({ day, dueAtMs: at(`${day}T07:30`) });

test("it is due at its time of day, once", () => {
  expect(dueDailyMail("07:30", zone, last("2026-11-21"), at("2026-11-22T07:29:59"))).toBeUndefined();
  const due = dueDailyMail("07:30", zone, last("2026-11-21"), at("2026-11-22T07:30"));
  expect(due).toEqual({ day: "2026-11-22", dueAtMs: at("2026-11-22T07:30"), fromMs: at("2026-11-21T07:30") });
  expect(dueDailyMail("07:30", zone, last("2026-11-22"), at("2026-11-22T23:59"))).toBeUndefined();
});

test("the first one tells of 24 hours", () => {
  expect(hours(dueDailyMail("07:30", zone, undefined, at("2026-11-22T09:00")))).toBe(24);
});

test("after an outage one mail tells of all that time, a week at most", () => {
  expect(hours(dueDailyMail("07:30", zone, last("2026-11-19"), at("2026-11-22T11:00")))).toBe(72);
  expect(hours(dueDailyMail("07:30", zone, last("2026-01-05"), at("2026-11-22T11:00")))).toBe(168);
});

test("on the days of a clock change nothing is told twice or left out", () => {
  // 28 March has 23 hours, 25 October 25.
  expect(hours(dueDailyMail("07:30", zone, last("2027-03-27"), at("2027-03-28T08:00")))).toBe(23);
  expect(hours(dueDailyMail("07:30", zone, last("2026-10-24"), at("2026-10-25T08:00")))).toBe(25);
  // 02:30 does not exist on 28 March 2027: the clock goes from 01:59 to 03:00.
  const skipped = dueDailyMail("02:30", zone, last("2027-03-27"), at("2027-03-28T03:00"));
  expect(skipped?.dueAtMs).toBe(at("2027-03-28T03:00"));
  expect(dueDailyMail("02:30", zone, last("2027-03-27"), at("2027-03-28T01:59"))).toBeUndefined();
  // It comes twice on 25 October 2026; the mail comes with the first.
  const [first, second] = ["2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"].map(at) as [number, number];
  const doubled = dueDailyMail("02:30", zone, last("2026-10-24"), first);
  expect(doubled?.dueAtMs).toBe(first);
  expect(dueDailyMail("02:30", zone, { day: doubled!.day, dueAtMs: first }, second)).toBeUndefined();
});

test("a later time that is set on the same day does not bring a second mail", () => {
  expect(dueDailyMail("18:00", zone, last("2026-11-22"), at("2026-11-22T18:30"))).toBeUndefined();
  expect(hours(dueDailyMail("18:00", zone, last("2026-11-22"), at("2026-11-23T18:00")))).toBe(34.5);
});
