/** The threshold time machine in the policy editor: a draft is tried on the past before it is saved. */
import { describe, expect } from "bun:test";
import type { Page } from "playwright-core";
import { hold } from "./hold.ts";
import { sharedStage, story } from "./shared-stage.ts";
import { settle } from "./stage.ts";
import { shows } from "./shows.ts";

const stage = sharedStage();

const policyOf = (name: string) => stage.double.world.policies.find((policy) => policy.name === name)!;

/** How far a replay is stays as it was at its start until somebody lets the answers through. @returns who does */
const holdReplays = (page: Page) => hold(page, "**/api/v1/policies/replays/*", "GET");

describe("ALM-1 a rule is tried on the past", () => {
  story("it says how often it would have fired and what would spare people the short ones; one press takes that over", async () => {
    const { page } = await stage.open(`/policies/${policyOf("Grundschutz").policyId}?check=disk-space`);
    await settle(page);
    const machine = page.getByRole("region", { name: "An der Vergangenheit ausprobieren" });
    const release = await holdReplays(page);
    await machine.getByRole("button", { name: "Ausprobieren", exact: true }).click();
    await machine.getByText(/von \d+ Geräten durchgespielt/).waitFor();
    release();
    await machine.getByText(/Hätte in 30 Tagen \d+ Befunde auf \d+ Geräten gemeldet · davon waren \d+ binnen 10 Minuten vorbei/).waitFor();
    await machine
      .getByRole("button", { name: /^Verlauf von/ })
      .first()
      .click();
    await machine.locator("canvas").waitFor();
    await machine.getByRole("button", { name: "Übernehmen" }).click();
    const wait = page.getByRole("textbox", { name: "Erst melden, wenn es so lange schlecht ist" });
    await shows(() => wait.inputValue(), "15");
    await machine.getByText("Der Entwurf hat sich seitdem geändert.").waitFor();
    await machine.getByRole("button", { name: "Noch einmal ausprobieren" }).click();
    await machine.getByText(/mit den geltenden Einstellungen: \d+ Befunde/).waitFor();
    await shows(() => machine.getByText(/binnen 10 Minuten vorbei/).count(), 0);
    await page.getByRole("button", { name: "Speichern" }).click();
    await page.getByText("Gespeichert. Die Richtlinie gilt ab jetzt.").waitFor();
    expect(policyOf("Grundschutz").checks.find(({ check }) => check === "disk-space")).toMatchObject({ badForMinutes: 15 });
  });

  story("it can be given up", async () => {
    const { page } = await stage.open(`/policies/${policyOf("Server").policyId}?check=disk-space`);
    await settle(page);
    const machine = page.getByRole("region", { name: "An der Vergangenheit ausprobieren" });
    const release = await holdReplays(page);
    await machine.getByRole("button", { name: "Ausprobieren", exact: true }).click();
    const cancelled = page.waitForResponse((response) => response.request().method() === "DELETE");
    await machine.getByRole("button", { name: "Abbrechen" }).click();
    await cancelled;
    release();
    await machine.getByText("Abgebrochen.").waitFor();
  });
});

describe("ALM-1 alarms are judged", () => {
  story("with one key in the list, with one press in the pane, and counted on a page that leads to the rule", async () => {
    const { page } = await stage.open("/findings");
    await page.locator("tbody [data-row-link]").first().waitFor();
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
    await page.getByRole("button", { name: "Budget ändern" }).click();
    await page.getByRole("textbox", { name: "Höchstens so viel Rauschen" }).fill("0");
    await page.getByRole("textbox", { name: "Gilt erst ab" }).fill("0");
    await page.getByRole("button", { name: "Speichern" }).click();
    await page.getByText(/^Budget: höchstens 0\s%/).waitFor();
    expect(stage.double.world.settings.noiseBudget).toEqual({ noisePercent: 0, leastAWeek: 0, mostAWeek: 50 });
    // What the story before has saved would leave nothing to propose.
    delete policyOf("Grundschutz").checks.find(({ check }) => check === "disk-space")!.badForMinutes;
    await page
      .getByRole("row", { name: /^Speicherplatz/ })
      .getByRole("link", { name: "Änderung vorschlagen" })
      .click();
    const machine = page.getByRole("region", { name: "An der Vergangenheit ausprobieren" }).first();
    await machine.getByText(/^Vorschlag eingesetzt: Erst nach 15 Minuten melden/).waitFor();
    await machine.getByText(/mit den geltenden Einstellungen: \d+ Befunde/).waitFor();
    await shows(() => page.getByRole("textbox", { name: "Erst melden, wenn es so lange schlecht ist" }).inputValue(), "15");
    await page
      .getByText(/nicht gespeichert/)
      .first()
      .waitFor();
  });

  story("a change is proposed for a check that the policy does not speak of, too; where nothing would help, it says so", async () => {
    const { page } = await stage.open(`/policies/${policyOf("Server").policyId}?check=memory&propose=1`);
    const machine = page.getByRole("region", { name: "An der Vergangenheit ausprobieren" });
    await machine.getByText(/^Vorschlag eingesetzt: Erst nach 15 Minuten melden/).waitFor();
    const disks = policyOf("Server").checks.find(({ check }) => check === "disk-space")!;
    disks.badForMinutes = 60;
    const { page: another } = await stage.open(`/policies/${policyOf("Server").policyId}?check=disk-space&propose=1`);
    await another.getByText(/^Die Vergangenheit gibt keinen Vorschlag her/).waitFor();
    delete disks.badForMinutes;
  });

  story("of several of its kind the change is proposed for the one that was noise", async () => {
    const { findings, settings } = stage.double.world;
    const { checks } = policyOf("Server");
    const websites = ["Startseite", "Bestellseite"].map((instance) => ({ check: "website", instance, enabled: true, settings: {} }));
    checks.push(...websites);
    const { finding } = findings.find(({ finding: { check, hold } }) => check === "services" && hold === null)!;
    Object.assign(finding, { check: "website", instance: "Bestellseite" });
    settings.noiseBudget = { noisePercent: 0, leastAWeek: 0, mostAWeek: 50 };
    const { page } = await stage.open(`/findings?finding=${finding.findingId}`);
    await page.getByRole("group", { name: "War dieser Alarm nützlich?" }).getByRole("button", { name: "Rauschen" }).click();
    await page.getByRole("button", { name: "Rauschen", pressed: true }).waitFor();
    await page.getByRole("link", { name: "Fehlalarme" }).click();
    await page
      .getByRole("row", { name: /Bestellseite/ })
      .getByRole("link", { name: "Änderung vorschlagen" })
      .click();
    // They follow each other as the policy has them.
    const machines = page.getByRole("region", { name: "An der Vergangenheit ausprobieren" });
    const filled = /Vorschlag eingesetzt: Erst nach 15 Minuten melden/;
    await machines.filter({ hasText: filled }).waitFor();
    expect((await machines.allInnerTexts()).map((text) => filled.test(text))).toEqual([false, true]);
    checks.splice(-websites.length);
  });
});
