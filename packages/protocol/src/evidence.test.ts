import { expect, test } from "bun:test";
import { evidenceText, missingValue } from "./evidence.ts";
import { formatFor } from "./format.ts";

const plain = (text: string) => text.replaceAll(/[  ]/g, " ");
const read = evidenceText(
  {
    size: 56_300_000_000,
    share: 4.25,
    count: 1234.5,
    seconds: 7_200,
    atMs: Date.UTC(2026, 10, 21, 12),
    name: "sda",
    yes: true,
    empty: "",
    nothing: null,
    endless: Number.POSITIVE_INFINITY,
    never: 9e15,
  },
  formatFor("de", "Europe/Berlin"),
);

test.each([
  ["bytes", read.bytes("size"), "56,3 GB"],
  ["percent", read.percent("share"), "4,3 %"],
  ["numbers with digits", read.number("count", 1), "1.234,5"],
  ["numbers without", read.number("seconds"), "7.200"],
  ["durations", read.duration("seconds"), "2 Stunden"],
  ["moments", read.dateTime("atMs"), "21.11.2026, 13:00"],
  ["text", read.text("name"), "sda"],
])("%s", (_, written, expected) => {
  expect(plain(written)).toBe(expected);
});

test.each([
  ["is not there", read.bytes("missing")],
  ["is null", read.percent("nothing")],
  ["is of another kind", read.bytes("name")],
  ["is no number", read.number("endless")],
  ["is empty", read.text("empty")],
  ["is a number where text was meant", read.text("size")],
  ["lies beyond the calendar", read.dateTime("never")],
])("a value that %s shows as a dash", (_, written) => {
  expect(written).toBe(missingValue);
});

test("values can be asked for", () => {
  expect([read.value("share"), read.value("name"), read.is("yes", true), read.is("name", "sdb")]).toEqual([4.25, undefined, true, false]);
});
