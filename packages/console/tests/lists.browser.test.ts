/** What can be done with a list as a whole: taken along, kept under a name. */
import { testNeeding, whyNoBrowser } from "@hauswart/testkit/needs.ts";
import { afterAll, afterEach, beforeAll, describe, expect } from "bun:test";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { setStage, settle, type Stage } from "./stage.ts";

const missing = whyNoBrowser();
let stage: Stage;
const story = (title: string, run: () => Promise<void>) => testNeeding(missing)(title, run, 60_000);

beforeAll(async () => {
  if (!missing) stage = await setStage();
}, 120_000);
afterEach(() => stage?.closePages());
afterAll(() => stage?.stop(), 30_000);

async function saveCsv(page: Page): Promise<{ name: string; text: string }> {
  await page.getByRole("button", { name: "Spalten und CSV" }).click();
  const coming = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "CSV speichern" }).click();
  const download = await coming;
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

describe("a list as CSV", () => {
  story("is saved with the present filters, all rows, in the reader's language", async () => {
    const { page } = await stage.open("/devices?state=failure");
    await settle(page);
    const { name, text } = await saveCsv(page);
    expect(name).toBe("hauswart-geraete.csv");
    expect(text).toStartWith("\uFEFFZustand;Name;Rechnername;");
    const failing = stage.double.world.devices.filter(({ device }) => device.state === "failure");
    expect(
      text
        .trimEnd()
        .split("\r\n")
        .slice(1)
        .map((line) => line.split(";")[0]),
    ).toEqual(failing.map(() => "Störung"));
  });

  story("is copied whole", async () => {
    const { page } = await stage.open("/customers");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await settle(page);
    await page.getByRole("button", { name: "Spalten und CSV" }).click();
    await page.getByRole("menuitem", { name: "Als CSV kopieren" }).click();
    await page.getByText("Die ganze Liste ist kopiert").waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text.trimEnd().split(/\r?\n/)).toHaveLength(1 + stage.double.world.customers.length);
    expect(text).toStartWith("Name;Geräte;");
  });

  story("a short list that is here as a whole is made here", async () => {
    const { page } = await stage.open("/recipients");
    await settle(page);
    const { text } = await saveCsv(page);
    expect(text.trimEnd().split("\r\n")).toHaveLength(1 + stage.double.world.recipients.length);
  });
});

describe("views", () => {
  const menu = (page: Page, name: RegExp | string = "Ansichten") => page.getByRole("button", { name }).first();
  const param = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

  story("filters, sorting and columns are kept under a name, come back by its address, and the list opens with it", async () => {
    const { page } = await stage.open("/devices?state=failure&sort=-name");
    await settle(page);
    await page.getByRole("button", { name: "Spalten und CSV" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Standort" }).click();
    await page.keyboard.press("Escape");
    await menu(page).click();
    await page.getByRole("menuitem", { name: "Als neue Ansicht speichern …" }).click();
    const dialog = page.getByRole("dialog", { name: "Neue Ansicht" });
    await dialog.getByLabel("Name").fill("Morgenrunde");
    await dialog.getByRole("button", { name: "Speichern" }).click();
    await menu(page, "Morgenrunde").waitFor();
    const id = param(page, "saved");

    await menu(page, "Morgenrunde").click();
    await page.getByRole("menuitemcheckbox", { name: "Liste mit „Morgenrunde“ öffnen" }).click();
    await page.getByRole("button", { name: "Spalten und CSV" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Standort" }).click();
    await page.keyboard.press("Escape");
    await menu(page, /Morgenrunde.*geändert/).waitFor();

    for (const path of [`/devices?saved=${id}`, "/devices"]) {
      await page.goto(stage.base + path);
      await page.waitForURL(/state=failure/);
      await menu(page, "Morgenrunde").waitFor();
      expect([param(page, "sort"), param(page, "saved")]).toEqual(["-name", id]);
      await page.getByRole("columnheader", { name: "Kunde" }).waitFor();
      expect(await page.getByRole("columnheader", { name: "Standort" }).count()).toBe(0);
    }
    await menu(page, "Morgenrunde").click();
    await page.getByRole("menuitem", { name: "Alles, ohne Ansicht" }).click();
    await page.waitForURL(/saved=none/);
    expect(param(page, "state")).toBeNull();
  });

  story("what others share is there to be used and not to be changed", async () => {
    const { page } = await stage.open("/devices?saved=none");
    await settle(page);
    await menu(page).click();
    await page.getByRole("menuitem", { name: /Server mit Störung.*Nachtdienst/ }).click();
    await page.waitForURL(/tag=server/);
    await menu(page, "Server mit Störung").click();
    await page.getByRole("menuitem", { name: "Als neue Ansicht speichern …" }).waitFor();
    expect(await page.getByRole("menuitem", { name: /löschen/ }).count()).toBe(0);
  });

  story("one's own is replaced by what is shown, renamed, and deleted", async () => {
    const { page } = await stage.open("/findings?severity=failure&saved=none");
    await settle(page);
    await menu(page).click();
    await page.getByRole("menuitem", { name: "Als neue Ansicht speichern …" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Störungen");
    await page.getByRole("dialog").getByRole("button", { name: "Speichern" }).click();
    await menu(page, "Störungen").waitFor();
    await page
      .getByText("Geschlossen", { exact: true })
      .or(page.getByText("Erledigt", { exact: true }))
      .first()
      .click();
    await menu(page, /Störungen.*geändert/).click();
    await page.getByRole("menuitem", { name: "„Störungen“ durch das Gezeigte ersetzen" }).click();
    await page.getByText("Die Ansicht „Störungen“ zeigt ab jetzt dies.").waitFor();
    await page.getByRole("button", { name: "Störungen", exact: true }).click();
    await page.getByRole("menuitem", { name: "„Störungen“ umbenennen oder teilen …" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Alte Störungen");
    await page.getByRole("dialog").getByRole("button", { name: "Speichern" }).click();
    await menu(page, "Alte Störungen").click();
    await page.getByRole("menuitem", { name: "„Alte Störungen“ löschen …" }).click();
    await page.getByRole("button", { name: "Ansicht löschen" }).click();
    await page.getByText("Die Ansicht „Alte Störungen“ ist gelöscht.").waitFor();
    await menu(page).waitFor();
  });
});

describe("audit", () => {
  story("is narrowed down; an entry shows what was before and after; the seals are verified when asked", async () => {
    const world = stage.double.world;
    const { policyId, revision } = world.policies[0]!;
    world.audit.unshift({
      ...world.audit[0]!,
      auditEntryId: "01a20000-0000-7000-8000-000000000001",
      action: "policy.change",
      subjectKind: "policy",
      subjectId: policyId,
      detail: { before: { name: "Grundschutz", checks: [] }, change: { name: "Grundschutz 2026" }, revision },
    });
    const { page } = await stage.open("/audit");
    await settle(page);
    const all = await page.locator("tbody tr").count();
    await page.getByLabel("Text in allem").fill("grundschutz 2026");
    await page.waitForURL(/search=grundschutz/);
    await page.locator("tbody tr").first().getByRole("link", { name: "Richtlinie geändert" }).waitFor();
    await page.waitForFunction((before) => document.querySelectorAll("tbody tr").length < before, all);
    await page.getByRole("link", { name: "Richtlinie geändert" }).click();
    const row = page.getByRole("row", { name: /Name.*Grundschutz/ });
    expect([await row.locator("del").textContent(), await row.locator("ins").textContent()]).toEqual(["Grundschutz", "Grundschutz 2026"]);
    await page.getByRole("link", { name: "Alles zu diesem Gegenstand" }).click();
    await page.waitForURL(new RegExp(`subject=${policyId}`));
    await page.getByRole("button", { name: "Siegel prüfen" }).click();
    await page.getByText("Unverändert, geprüft bis").waitFor();
    await page.getByText(/Einträge unter \d+ Siegeln/).waitFor();
    world.audit.shift();
  });

  story("is narrowed to what was done, chosen by its words", async () => {
    const { page } = await stage.open("/audit");
    await settle(page);
    await page
      .getByRole("combobox", { name: "Aktion" })
      .or(page.getByRole("textbox", { name: "Aktion" }))
      .fill("bestätigt");
    await page.getByRole("option", { name: "Befund bestätigt" }).click();
    await page.waitForURL(/action=finding.acknowledge/);
    await page.waitForFunction(() =>
      [...document.querySelectorAll("tbody tr")].every((row) => row.textContent?.includes("Befund bestätigt")),
    );
  });
});

describe("outbox", () => {
  story("is narrowed to a text and to days", async () => {
    const { page } = await stage.open("/outbox");
    await settle(page);
    const { subject } = stage.double.world.mails[0]!;
    await page.getByLabel("Betreff oder Adresse").fill(subject);
    await page.waitForURL(/search=/);
    await page
      .getByText("1 Eintrag", { exact: true })
      .or(page.getByText(/^\d Einträge$/))
      .waitFor();
    await page.getByLabel("bis", { exact: true }).fill("2001-01-01");
    await page.waitForURL(/to=2001-01-01/);
    await page.getByText("Keine Mail", { exact: false }).first().waitFor();
  });
});
