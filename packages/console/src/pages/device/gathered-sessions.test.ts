import { expect, test } from "bun:test";
import { gathered, shortName } from "./gathered-sessions.ts";

const session = (
  name: string,
  by: "screen" | "ssh" | "remote-desktop",
  since: string | null,
  state: "active" | "locked" | null = "active",
) => ({
  name,
  by,
  since,
  state,
});

test("who sits there comes first; sessions of a kind stand there once, since the first of them", () => {
  const people = [
    session("root", "ssh", "2026-11-22T09:00:00Z"),
    session("ben", "screen", "2026-11-22T07:00:00Z", "locked"),
    session("root", "ssh", "2026-11-22T08:00:00Z"),
    session("root", "ssh", null),
    session("anna", "screen", "2026-11-22T08:12:00Z"),
  ];
  expect(gathered(people).map(({ name, since, sessions }) => [name, since, sessions])).toEqual([
    ["anna", "2026-11-22T08:12:00Z", 1],
    ["ben", "2026-11-22T07:00:00Z", 1],
    ["root", "2026-11-22T08:00:00Z", 3],
  ]);
});

test("a Windows account goes by its name alone", () => {
  expect(["KANZLEI\\m.muster", "m.muster", "KANZLEI\\"].map(shortName)).toEqual(["m.muster", "m.muster", "KANZLEI\\"]);
});
