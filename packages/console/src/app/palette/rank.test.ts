import { expect, test } from "bun:test";
import { Search } from "lucide-react";
import type { Entry, Group } from "./entry.ts";
import { rank } from "./rank.ts";

const entry = (group: Group, label: string, more: Partial<Entry> = {}): Entry => ({ id: label, group, label, icon: Search, ...more });
const entries = [
  entry("pages", "Befunde"),
  entry("pages", "Einstellungen"),
  entry("customers", "Steuerkanzlei am Markt"),
  entry("customers", "Muster GmbH"),
  entry("policies", "Kanzlei: strenge Grenzen"),
  entry("devices", "srv-01", { description: "Muster GmbH · Zentrale" }),
];
const labels = (typed: string, recent: string[] = []) =>
  rank(entries, typed, recent).flatMap((found) => found.entries.map(({ label }) => label));

test("letters in their order find a name, wherever they stand", () => {
  expect(labels("einst")[0]).toBe("Einstellungen");
  expect(labels("stkanz")[0]).toBe("Steuerkanzlei am Markt");
});

test("what does not fit is left out, but for devices that the server has found", () => {
  expect(labels("xyzq")).toEqual(["srv-01"]);
});

test("a name is better than a description", () => {
  expect(labels("muster")[0]).toBe("Muster GmbH");
});

test("what was opened last comes first", () => {
  expect(labels("kanzlei", ["Steuerkanzlei am Markt"])[0]).toBe("Steuerkanzlei am Markt");
  expect(labels("kanzlei", ["Kanzlei: strenge Grenzen"])[0]).toBe("Kanzlei: strenge Grenzen");
});

test("nothing typed shows everything by group", () => {
  expect(rank(entries, " ", []).map(({ group }) => group)).toEqual(["devices", "customers", "policies", "pages"]);
});
