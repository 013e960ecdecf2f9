import type { RotaLayer } from "@hauswart/protocol/api/routing.ts";
import { describe, expect, test } from "bun:test";
import { layerFrom, rotaDraft, today, turnOf } from "./rota-draft.ts";

const zone = "Europe/Berlin";
// 2026-03-02 is a Monday.
const layer: RotaLayer = {
  name: "First",
  hours: "always",
  startsOn: "2026-03-02",
  handover: { weekday: 1, time: "08:00" },
  everyWeeks: 1,
  accountIds: ["anna", "ben", "clara"],
};
const at = (iso: string) => Date.parse(iso);

describe("whose turn it is", () => {
  test.each([
    ["before the first handover", "2026-03-02T06:59:00Z", "anna"],
    ["at the first handover, 08:00 in Berlin", "2026-03-02T07:00:00Z", "anna"],
    ["a minute before the second", "2026-03-09T06:59:00Z", "anna"],
    ["at the second", "2026-03-09T07:00:00Z", "ben"],
    ["around the list", "2026-03-23T07:00:00Z", "anna"],
    ["in summer time the handover is at 08:00 too", "2026-03-30T06:00:00Z", "ben"],
  ])("%s", (_, iso, who) => {
    expect(turnOf(layer, zone, at(iso))).toBe(who);
  });

  test("counts from the handover on or before the beginning, and by several weeks", () => {
    const wednesday = { ...layer, startsOn: "2026-03-04", everyWeeks: 2 };
    expect(turnOf(wednesday, zone, at("2026-03-15T12:00:00Z"))).toBe("anna");
    expect(turnOf(wednesday, zone, at("2026-03-16T12:00:00Z"))).toBe("ben");
  });
});

describe("what becomes of a changed layer", () => {
  const now = at("2026-03-11T12:00:00Z");
  const [draft] = rotaDraft({ rotaId: "r", revision: 1, name: "x", timeZone: zone, layers: [layer] }, now).layers;

  test("a new name leaves the turns alone", () => {
    expect(layerFrom({ ...draft!, name: "Nights" }, layer, zone, now)).toEqual({ ...layer, name: "Nights" });
  });

  test("with one more person whoever has the turn keeps it", () => {
    const made = layerFrom({ ...draft!, accountIds: ["anna", "dora", "ben", "clara"] }, layer, zone, now);
    expect(made).toMatchObject({ startsOn: "2026-03-11", accountIds: ["ben", "clara", "anna", "dora"] });
    expect([turnOf(made, zone, now), turnOf(made, zone, at("2026-03-16T12:00:00Z"))]).toEqual(["ben", "clara"]);
  });

  test("whoever has left hands over to the first of the list", () => {
    const made = layerFrom({ ...draft!, accountIds: ["anna", "clara"] }, layer, zone, now);
    expect(turnOf(made, zone, now)).toBe("anna");
  });

  test("the day is that of the rota's place", () => {
    expect(today("Pacific/Auckland", at("2026-03-11T12:00:00Z"))).toBe("2026-03-12");
  });
});
