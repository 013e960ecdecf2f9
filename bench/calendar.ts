/**
 * What a question about working time costs after the first: elapsed and due time over distances of minutes to a year, and an
 * opening, in service hours with the holidays of all of Germany. The median of five rounds of a hundred thousand questions each.
 */
import type { CalendarDefinition } from "@hauswart/calendar/definition.ts";
import { WorkingTime } from "@hauswart/calendar/working-time.ts";
import { percentile, rounded, type Benchmark } from "./support/benchmark.ts";

const hours = [{ from: "09:00", to: "18:00" }];
const definition: CalendarDefinition = {
  timeZone: "Europe/Berlin",
  hours: { 1: hours, 2: hours, 3: hours, 4: hours, 5: hours },
  workingDays: [1, 2, 3, 4, 5],
  holidays: ["2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-25", "2026-12-25"].map((date) => ({
    date,
    name: "Feiertag",
    spans: [],
  })),
  halfDaysWork: true,
};
const startMs = Date.UTC(2026, 0, 1);
const yearMs = 365 * 86_400_000;
const questions = 100_000;
const rounds = 5;

/** Microseconds that one question takes. The sum of all answers is used, so that none can be left out. */
function timeOf(ask: (fromMs: number, distanceMs: number) => number): number {
  const times = [];
  let sum = 0;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    for (let index = 0; index < questions; index++) {
      const part = ((index * 7_919) % questions) / questions;
      sum += ask(startMs + Math.floor(part * yearMs), Math.floor(60_000 + part * part * yearMs));
    }
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / questions);
  }
  if (!Number.isFinite(sum)) throw new Error("An answer was no number.");
  return rounded(percentile(times, 0.5));
}

export default {
  description: "What a question about working time costs after the first, microseconds of processor time.",
  measures: {
    elapsedUs: { reaches: "≤ 5" },
    dueUs: { reaches: "≤ 5" },
    nextOpenUs: { reaches: "≤ 5" },
    firstUs: { reaches: "for comparison" },
  },
  async run() {
    const firstMs = performance.now();
    const working = new WorkingTime(definition);
    working.elapsedMs(startMs, startMs + yearMs);
    const firstUs = rounded((performance.now() - firstMs) * 1_000);
    return {
      elapsedUs: timeOf((from, distance) => working.elapsedMs(from, from + distance)),
      dueUs: timeOf((from, distance) => working.dueMs(from, Math.floor(distance / 4))),
      nextOpenUs: timeOf((from) => working.nextOpenMs(from)),
      firstUs,
    };
  },
} satisfies Benchmark;
