import { expect, test } from "bun:test";
import { Search } from "lucide-react";
import type { Entry } from "./entry.ts";
import { mostRecent, parseRecent, remember, type Remembered } from "./recent.ts";

const entry = (id: string): Entry => ({ id, label: id, group: "devices", icon: Search, place: { to: `/devices/${id}` } });

test("the newest stands first, each once, and only a few", () => {
  const ids = ["a", "b", "a", "c", "d", "e", "f", "g"];
  const all = ids.reduce<Remembered[]>((before, id) => remember(before, entry(id)), []);
  expect(all.map(({ id }) => id)).toEqual(["g", "f", "e", "d", "c", "a"]);
  expect(all).toHaveLength(mostRecent);
});

test("what leads nowhere is not remembered", () => {
  expect(remember([], { ...entry("a"), place: undefined })).toEqual([]);
});

test("what was written is read again", () => {
  const written = remember([], entry("a"));
  expect(parseRecent(JSON.stringify(written))).toEqual(written);
});

test.each([null, "", "{", "{}", "[1]", '[{"id":"a","label":"a","group":"pages","place":{"to":"//evil.example"}}]'])(
  "%p is nothing",
  (text) => {
    expect(parseRecent(text)).toEqual([]);
  },
);
