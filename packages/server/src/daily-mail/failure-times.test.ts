import { describe, expect, test } from "bun:test";
import type { Severity } from "../evaluate/judged-state.ts";
import { failureTimes, type SeverityFrom } from "./failure-times.ts";

/** From 7 to 31 o'clock, so that the numbers are hours. */
const day = { fromMs: 7, dueAtMs: 31 };
const letters: Record<string, Severity> = { w: "warning", f: "failure" };
/** "w2 f9": a warning at 2, a failure at 9. */
const read = (line: string): SeverityFrom[] => line.split(" ").map((word) => [Number(word.slice(1)), letters[word[0]!]!]);

const table: [name: string, severities: string, closed: number | undefined, expected: string | undefined][] = [
  ["never one", "w2", undefined, undefined],
  ["opened as one and open", "f9", undefined, "new 9–"],
  ["opened as one and over", "f9", 12, "new 9–12"],
  ["open since before", "f2", undefined, "2–"],
  ["over before", "f2", 6, undefined],
  ["over in that time", "f2", 9, "2–9"],
  ["milder before", "f2 w6", undefined, undefined],
  ["an old warning that got worse", "w2 f9", undefined, "new 9–"],
  ["milder again by the time of the mail", "f9 w14", undefined, "new 9–14 eased"],
  ["milder again, and over by then", "f9 w14", 20, "new 9–14"],
  ["milder only after the time of the mail", "f9 w32", undefined, "new 9–"],
  ["over only after the time of the mail", "f9", 32, "new 9–"],
  ["worse only after the time of the mail", "w9 f32", undefined, undefined],
  ["several times", "f9 w14 f20 w22 f25", undefined, "new 25– 3 times"],
  ["several times, all of them before but the last", "f2 w3 f4 w5 f6 w8", undefined, "6–8 eased"],
  ["once before and once in that time", "f2 w9 f20", 25, "new 20–25 2 times"],
  ["told as a failure twice in a row", "f9 f10", 20, "new 9–20"],
];

describe("when a finding was a failure", () => {
  test.each(table)("%s", (_name, severities, closed, expected) => {
    const found = failureTimes(read(severities), closed, day);
    const said = found && [
      ...(found.isNew ? ["new"] : []),
      `${found.sinceMs}–${found.untilMs ?? ""}`,
      ...(found.isEased ? ["eased"] : []),
      ...(found.times > 1 ? [`${found.times} times`] : []),
    ];
    expect(said?.join(" ")).toBe(expected);
  });
});
