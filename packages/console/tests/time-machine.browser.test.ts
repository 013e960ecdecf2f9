/** The threshold time machine in the policy editor: a draft is tried on the past before it is saved. */
import { testNeeding, whyNoBrowser } from "@hauswart/testkit/needs.ts";
import { afterAll, afterEach, beforeAll, describe, expect } from "bun:test";
import { setStage, settle, type Stage } from "./stage.ts";

const missing = whyNoBrowser();
let stage: Stage;
const story = (title: string, run: () => Promise<void>) => testNeeding(missing)(title, run, 60_000);

beforeAll(async () => {
  if (!missing) stage = await setStage();
}, 120_000);
afterEach(() => stage?.closePages());
afterAll(() => stage?.stop(), 30_000);

const policyOf = (name: string) => stage.double.world.policies.find((policy) => policy.name === name)!;

describe("ALM-1 a rule is tried on the past", () => {
  story("it says how often it would have fired and what would spare people the short ones; one press takes that over", async () => {
    const { page } = await stage.open(`/policies/${policyOf("Grundschutz").policyId}?check=disk-space`);
    await settle(page);
    const machine = page.getByRole("region", { name: "An der Vergangenheit ausprobieren" });
    await machine.getByRole("button", { name: "Ausprobieren", exact: true }).click();
    await machine.getByText(/von \d+ Geräten durchgespielt/).waitFor();
    await machine.getByText(/Hätte in 30 Tagen \d+ Befunde auf \d+ Geräten gemeldet · davon waren \d+ binnen 10 Minuten vorbei/).waitFor();
    await machine
      .getByRole("button", { name: /^Verlauf von/ })
      .first()
      .click();
    await machine.locator("canvas").waitFor();
    await machine.getByRole("button", { name: "Übernehmen" }).click();
    const wait = page.getByRole("textbox", { name: "Erst melden, wenn es so lange schlecht ist" });
    expect(await wait.inputValue()).toBe("15");
    await machine.getByText("Der Entwurf hat sich seitdem geändert.").waitFor();
    await machine.getByRole("button", { name: "Noch einmal ausprobieren" }).click();
    await machine.getByText(/mit den geltenden Einstellungen: \d+ Befunde/).waitFor();
    expect(await machine.getByText(/binnen 10 Minuten vorbei/).count()).toBe(0);
    await page.getByRole("button", { name: "Speichern" }).click();
    await page.getByText("Gespeichert. Die Richtlinie gilt ab jetzt.").waitFor();
    expect(policyOf("Grundschutz").checks.find(({ check }) => check === "disk-space")).toMatchObject({ badForMinutes: 15 });
  });

  story("it can be given up", async () => {
    const { page } = await stage.open(`/policies/${policyOf("Server").policyId}?check=disk-space`);
    await settle(page);
    const machine = page.getByRole("region", { name: "An der Vergangenheit ausprobieren" });
    await machine.getByRole("button", { name: "Ausprobieren", exact: true }).click();
    await machine.getByRole("button", { name: "Abbrechen" }).click();
    await machine.getByText("Abgebrochen.").waitFor();
  });
});

describe("ALM-1 alarms are judged", () => {
  story("with one key in the list, with one press in the pane, and counted on a page that leads to the rule", async () => {
    const { page } = await stage.open("/findings");
    await settle(page);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    const group = page.getByRole("group", { name: "War dieser Alarm nützlich?" });
    await group.waitFor();
    await page.keyboard.press("2");
    await group.getByRole("button", { name: "Rauschen", pressed: true }).waitFor();
    await group.getByRole("button", { name: "Nützlich" }).click();
    await group.getByRole("button", { name: "Nützlich", pressed: true }).waitFor();
    await group.getByRole("button", { name: "Nützlich" }).click();
    await page.getByText("Die Beurteilung ist zurückgenommen").waitFor();
    await page.getByRole("link", { name: "Fehlalarme" }).click();
    await page.getByRole("table", { name: "Nach Kunde" }).waitFor();
    await page.getByRole("link", { name: "Änderung ausprobieren" }).first().click();
    await page.getByRole("region", { name: "An der Vergangenheit ausprobieren" }).first().waitFor();
  });
});
