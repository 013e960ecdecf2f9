import { formatFor } from "@hauswart/protocol/format.ts";
import { describe, expect, test } from "bun:test";
import { checkTextsFor } from "../../features/check-texts.ts";
import type { FeatureCard } from "../../features/feature.ts";
import { auditFieldWords } from "../../texts/de/audit-fields.ts";
import { device } from "../../texts/de/devices.ts";
import { wordsOfPlace, wordsOfValue } from "./field-words.ts";

const format = formatFor("de", "Europe/Berlin");
const messages: FeatureCard["messages"]["de"] = {
  name: "Füllstand",
  description: "Wie voll der Tank ist.",
  summary: () => "",
  findings: {},
  settings: { warnBelowPercent: { label: "Warnung unter (%)", help: "" } },
  fields: {},
};
const card: FeatureCard = { check: "tank", headline: "percent", messages: { de: messages, en: messages } };
const words = { fields: auditFieldWords, commonSettings: device.commonSettings, checkTexts: checkTextsFor([card], "de", format) };
const name = (...place: string[]) => wordsOfPlace(place, words);

describe("what a place of an entry is called", () => {
  test("fields in words, numbers of a list with the list, counted from one", () => {
    expect([name("note"), name("before"), name("assignments", "0", "scope")]).toEqual([
      "Notiz",
      "Vorher",
      "Zuweisungen 1 · Geltungsbereich",
    ]);
  });
  test("a check by its name, its settings by their labels", () => {
    expect(name("checks", "tank", "settings", "warnBelowPercent")).toBe("Prüfungen · Füllstand · Warnung unter (%)");
    expect(name("checks", "tank Tank 2", "everySeconds")).toBe("Prüfungen · Füllstand Tank 2 · Misst alle");
    expect(name("checks", "tank")).toBe("Prüfungen · Füllstand");
  });
  test("what there are no words for is shown as it is stored", () => {
    expect([name("hatch"), name("checks", "gone", "settings", "hatch")]).toEqual(["hatch", "Prüfungen · gone · Einstellungen · hatch"]);
  });
  test("values with their unit, moments in the reader's time, yes and no", () => {
    expect(wordsOfValue(["until"], "2026-01-02T03:04:05.000Z", format)).toBe(format.dateTime(Date.parse("2026-01-02T03:04:05Z")));
    expect(wordsOfValue(["checks", "tank", "settings", "warnBelowPercent"], 15, format)).toBe(format.percent(15));
    expect([wordsOfValue(["isShared"], true, format), wordsOfValue(["tags"], [], format), wordsOfValue(["note"], "", format)]).toEqual([
      "ja",
      "–",
      "–",
    ]);
    expect(wordsOfValue(["note"], "since 2026-01-02T03:04:05Z", format)).toBe("since 2026-01-02T03:04:05Z");
  });
});
