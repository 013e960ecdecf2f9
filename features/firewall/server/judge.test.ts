import { expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { firewall } from "../protocol.ts";
import { judge } from "./judge.ts";

type Row = SampleOf<typeof firewall>["profiles"][number];

const row: Row = { name: "public", state: "on", program: "Windows Defender Firewall", detail: "", onByItself: true, byPolicy: false };
const states = (rows: Partial<Row>[], settings: object = {}) =>
  judge({
    sample: { profiles: rows.map((changes) => ({ ...row, ...changes })) },
    settings: firewall.judgement.parse(settings),
    past: { points: () => [] },
    at: 0,
  }).map(({ subject, state }) => `${subject} ${state}`);
const linux = { name: "system", onByItself: false };

test.each<[string, Partial<Row>[], object, string[]]>([
  ["on", [{}], {}, ["public ok"]],
  ["off where the system has it on", [{ state: "off" }], {}, ["public failure"]],
  ["on without a rule that keeps anything out", [{ state: "open" }], {}, ["public failure"]],
  ["of another maker", [{ state: "other-product" }], {}, ["public ok"]],
  ["not told where it is required", [{ state: "not-told" }], {}, ["public unknown"]],
  ["one profile of several", [{ name: "domain" }, { state: "off" }], {}, ["domain ok", "public failure"]],
  ["off where systems come without", [{ ...linux, state: "off" }], {}, ["system ok"]],
  ["not told there", [{ ...linux, state: "not-told" }], {}, ["system unknown"]],
  ["off, and wanted everywhere", [{ ...linux, state: "off" }], { require: "everywhere" }, ["system failure"]],
  ["not told, and wanted everywhere", [{ ...linux, state: "not-told" }], { require: "everywhere" }, ["system unknown"]],
  ["not told, and wanted nowhere", [{ state: "not-told" }], { require: "nowhere" }, ["public ok"]],
  ["off, and wanted nowhere", [{ state: "off" }], { require: "nowhere" }, ["public ok"]],
])("%s", (_, rows, settings, expected) => {
  expect(states(rows, settings)).toEqual(expected);
});
