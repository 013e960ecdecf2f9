import { formatFor } from "@hauswart/protocol/format.ts";
import { afterEach, describe, expect, spyOn, test } from "bun:test";
import { checkTextsFor, wordsOf } from "./check-texts.ts";
import type { FeatureCard } from "./feature.ts";

const messages: FeatureCard["messages"]["de"] = {
  name: "Füllstand",
  description: "Wie voll der Tank ist.",
  summary: ({ evidence }) => `${String(evidence["percent"])} voll`,
  findings: {
    low: {
      title: ({ subject }) => `${subject} fast leer`,
      meaning: () => "Bald leer.",
      advice: () => {
        throw new Error("old evidence");
      },
    },
  },
  settings: {
    lowBelow: { label: "Leer unter", help: "" },
    counts: { label: "Zählt", help: "", choices: { "full-tanks": "Volle Tanks" } },
  },
  fields: { "tanks.percent": "Füllstand des Tanks" },
  noData: { "no-tank": "Es gibt keinen Tank.", "bad-name": (about) => `Kein Name: ${about}.` },
};
const card: FeatureCard = {
  check: "tank",
  headline: "tanks.percent",
  messages: { de: messages, en: messages },
  limits: ({ settings }) => [{ value: Number(settings["lowBelow"]), severity: "warning" }],
};
const textsOf = checkTextsFor([card], "de", formatFor("de", "Europe/Berlin"));
const about = { code: "low", subject: "Tank 1", evidence: { percent: 4, lowBelow: 10 } };

describe("a check with a card", () => {
  test("writes the value of a setting as it was chosen", () => {
    const { settingValue } = textsOf("tank");
    expect(["full-tanks", "empty-tanks", null].map((value) => settingValue("counts", value))).toEqual(["Volle Tanks", "empty tanks", "–"]);
    expect(settingValue("tankNames", "north-east")).toBe("north-east");
    expect(settingValue("recoverAt", { lowBelow: 12, highAbove: 80 })).toBe("Leer unter: 12; high above: 80");
  });
  test("speaks by its feature's texts", () => {
    const tank = textsOf("tank");
    expect([tank.name, tank.title(about), tank.summary(about)]).toEqual(["Füllstand", "Tank 1 fast leer", "4 voll"]);
    expect(tank.limits({ lowBelow: 10 }, {})).toEqual([{ value: 10, severity: "warning" }]);
  });
  test("labels evidence by the series of the same name, and limits by their setting", () => {
    const tank = textsOf("tank");
    expect(tank.evidenceLabel("percent", 4)).toBe("Füllstand des Tanks");
    expect(tank.evidenceLabel("lowBelow", 10)).toBe("Leer unter");
    expect(tank.evidenceLabel("lowBelow", "off")).toBeUndefined();
    expect(tank.evidenceLabel("unheardOf", 1)).toBeUndefined();
  });
});

test("why there is nothing to measure is said in the reader's language; what older agents wrote stays as it is", () => {
  const { noDataText } = textsOf("tank");
  expect(["no-tank", "bad-name: x: y", "No tank here.", "newer-reason"].map(noDataText)).toEqual([
    "Es gibt keinen Tank.",
    "Kein Name: x: y.",
    "No tank here.",
    "newer-reason",
  ]);
  expect(textsOf("comet").noDataText("no-tank")).toBe("no-tank");
});

describe("what no text is written for", () => {
  const log = spyOn(console, "error").mockImplementation(() => undefined);
  afterEach(() => log.mockClear());

  test("a text that cannot cope with old evidence leaves the page standing and is noted", () => {
    expect(textsOf("tank").advice(about)).toBe("");
    expect(log).toHaveBeenCalledTimes(1);
  });
  test("a code that the card does not know is shown with its evidence", () => {
    expect(textsOf("tank").title({ ...about, code: "leak" })).toBe("tank/leak: Tank 1, percent 4 %, low below 10");
  });
  test("a check that this console does not know is shown by its id", () => {
    const unknown = textsOf("comet");
    expect([unknown.known, unknown.name, unknown.headline, unknown.description]).toEqual([false, "comet", "", ""]);
    expect(unknown.summary({ code: "x", subject: "", evidence: { tailSeconds: 120 } })).toBe("tail seconds 2 Minuten");
    expect(unknown.limits({}, {})).toEqual([]);
  });
  test("findings of the device itself have their texts", () => {
    expect(textsOf("device").title({ code: "cloned", subject: "", evidence: {} })).toBe("Derselbe Agent läuft auf zwei Computern");
    expect(textsOf("device").known).toBe(true);
  });
});

test("names become words", () => {
  expect(["availableBytes", "disk-space", "a_b"].map(wordsOf)).toEqual(["available bytes", "disk space", "a b"]);
});
