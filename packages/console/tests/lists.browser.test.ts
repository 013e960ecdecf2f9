/** What can be done with a list as a whole: taken along, kept under a name. */
import { describe, expect } from "bun:test";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { sharedStage, story } from "./shared-stage.ts";
import { settle } from "./stage.ts";
import { shows } from "./shows.ts";

const stage = sharedStage();

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

  story("a list of which the server has no table is made here, of all rows, however many are loaded", async () => {
    const { recipients, sites } = stage.double.world;
    const site = sites.at(-1)!;
    const others = Array.from({ length: 150 }, (_, index) => ({
      ...recipients[0]!,
      recipientId: `01a30000-0000-7000-8000-${String(index).padStart(12, "0")}`,
      address: `jemand-${index}@muster.example`,
      customerId: index < 149 ? null : site.customerId,
      siteId: index < 149 ? null : site.siteId,
    }));
    recipients.push(...others);
    const { page } = await stage.open("/recipients");
    await settle(page);
    const { name, text } = await saveCsv(page);
    const lines = text.trimEnd().split("\r\n");
    recipients.splice(-others.length);
    expect(name).toBe("hauswart-recipients.csv");
    expect(lines).toHaveLength(1 + recipients.length + others.length);
    expect(lines.at(-1)).toContain(site.name);
  });

  story("users come with those who are invited", async () => {
    const { page } = await stage.open("/users");
    await settle(page);
    const { text } = await saveCsv(page);
    const { persons, invitations } = stage.double.world.people;
    expect(text.trimEnd().split("\r\n")).toHaveLength(1 + persons.length + invitations.length);
  });

  story("a short table is taken along too, with numbers and moments that can be reckoned with", async () => {
    const { page } = await stage.open("/agents");
    await settle(page);
    await page
      .getByRole("button", { name: /^CSV: / })
      .first()
      .click();
    const coming = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "CSV speichern" }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe("hauswart-agent-releases.csv");
    const [head, first] = readFileSync(await download.path(), "utf8").split("\r\n");
    expect(first!.split(";")).toHaveLength(head!.split(";").length);
    expect(first).toMatch(/;20\d\d-\d\d-\d\dT[\d:.]+Z;\d+;\d+;\d+$/);
  });
});

describe("devices", () => {
  story("are sorted over all of them: the worst first, by customer, the longest away first", async () => {
    const { page } = await stage.open("/devices");
    await settle(page);
    const names = () => page.locator("tbody tr td:first-child").allTextContents();
    await page.getByRole("columnheader", { name: "Zustand" }).getByRole("button").click();
    await page.waitForURL(/sort=state/);
    await page.locator("tbody tr", { hasText: "Störung" }).first().waitFor();
    await page.waitForFunction(() => document.querySelector("tbody tr td")?.textContent?.includes("Störung"));
    expect((await names())[0]).toContain("Störung");
    await page.getByRole("columnheader", { name: "Kunde" }).getByRole("button").click();
    await page.waitForURL(/sort=customer/);
    await page.getByRole("columnheader", { name: "Verbindung" }).getByRole("button").click();
    await page.waitForURL(/sort=presence/);
  });

  story("a search that is typed on while the address takes in what was typed before loses nothing", async () => {
    const { page } = await stage.open("/devices");
    await page.addInitScript(() => {
      const replace = History.prototype.replaceState;
      const type = (text: string) => {
        const field = document.querySelector<HTMLInputElement>('input[aria-label^="Name, Kunde"]')!;
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")!.set!.call(field, field.value + text);
        field.dispatchEvent(new Event("input", { bubbles: true }));
      };
      let isTyped = false;
      History.prototype.replaceState = function (...given) {
        replace.apply(this, given);
        if (isTyped || !location.search.includes("search=sr")) return;
        isTyped = true;
        type("v");
        setTimeout(() => type("-"), 100);
      };
    });
    await page.reload();
    const field = page.getByLabel("Name, Kunde, Standort, Schlagwort");
    await field.fill("sr");
    await page.waitForURL(/search=(sr.+)$/);
    await shows(() => field.inputValue(), "srv-");
    expect(new URL(page.url()).searchParams.get("search")).toBe("srv-");
  });

  story("one that was removed is found again: from the search, by the filter, and with Ctrl-K; its history stays", async () => {
    const { device } = stage.double.world.devices.find((one) => one.device.lifecycle === "revoked")!;
    const { page } = await stage.open("/devices");
    await settle(page);
    await page.getByLabel("Name, Kunde, Standort, Schlagwort").fill(device.name);
    await page.getByRole("link", { name: "Unter entfernten Geräten suchen" }).click();
    await page.waitForURL(/show=removed/);
    await page.getByRole("link", { name: device.name, exact: true }).click();
    await page.getByText("Dieses Gerät ist entfernt").waitFor();
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("Gerät, Kunde, Befund oder Befehl …").fill(device.name);
    await page.getByRole("button", { name: new RegExp(`^${device.name}.*entfernt`) }).waitFor();
  });
});

describe("the address of one entry", () => {
  const others = <Row extends object>(row: Row, id: keyof Row) =>
    Array.from({ length: 150 }, (_, index) => ({ ...row, [id]: `01a40000-0000-7000-8000-${String(index).padStart(12, "0")}` }));

  story("leads there when a hundred newer ones have come since, and says so when it leads nowhere", async () => {
    const { audit } = stage.double.world;
    const last = audit.at(-1)!;
    const newer = others(audit[0]!, "auditEntryId");
    audit.unshift(...newer);
    const { page } = await stage.open(`/audit?entry=${last.auditEntryId}`);
    await settle(page);
    await page.getByText(last.action, { exact: true }).waitFor();
    await page.goto(`${stage.base}/audit?entry=01a50000-0000-7000-8000-000000000000`);
    await page.getByRole("region", { name: "Protokoll" }).getByText("Das gibt es nicht, oder es ist nicht für Sie sichtbar.").waitFor();
    audit.splice(0, newer.length);
  });

  story("opens a recipient and a user far down their lists", async () => {
    const { recipients, people } = stage.double.world;
    const last = recipients.at(-1)!;
    const before = others(recipients[0]!, "recipientId");
    recipients.unshift(...before);
    const { page } = await stage.open(`/recipients?edit=${last.recipientId}`);
    await page.getByRole("dialog", { name: new RegExp(last.address.replaceAll(/[.+]/g, "\\$&")) }).waitFor();
    await page.goto(`${stage.base}/recipients?edit=01a50000-0000-7000-8000-000000000000`);
    await page.getByText("Dieser Empfänger: nicht bekannt.").waitFor();
    recipients.splice(0, before.length);

    const person = people.persons.at(-1)!;
    const many = Array.from({ length: 150 }, (_, index) => ({
      ...person,
      account: { ...person.account, name: `A ${index}`, accountId: `01a40000-0000-7000-8000-${String(index).padStart(12, "0")}` },
    }));
    people.persons.unshift(...many);
    await page.goto(`${stage.base}/users?user=${person.account.accountId}`);
    await page.getByRole("region", { name: person.account.name }).waitFor();
    people.persons.splice(0, many.length);
  });
});

describe("a site", () => {
  story("without devices is deleted from its dialog; one with devices says what it takes", async () => {
    const { sites } = stage.double.world;
    const full = sites.find(({ deviceCount }) => deviceCount > 0)!;
    sites.push({ ...full, siteId: "01a60000-0000-7000-8000-000000000000", name: "Filiale Nrod", deviceCount: 0, gatewayDeviceId: null });
    const { page } = await stage.open(`/customers/${full.customerId}`);
    await settle(page);
    await page.getByRole("button", { name: `${full.name} ändern` }).click();
    await page.getByText("Ein Standort lässt sich löschen, sobald dort kein Gerät mehr steht.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Filiale Nrod ändern" }).click();
    await page.getByRole("button", { name: "Standort löschen …" }).waitFor();
    await page.getByRole("button", { name: "Standort löschen …" }).click();
    await page.getByRole("dialog", { name: "„Filiale Nrod“ löschen?" }).getByRole("button", { name: "Standort löschen" }).click();
    await page.getByText("Der Standort ist gelöscht.").waitFor();
    await page.getByRole("link", { name: "Filiale Nrod" }).waitFor({ state: "detached" });
    expect(sites.some(({ name }) => name === "Filiale Nrod")).toBe(false);
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
      await shows(() => page.getByRole("columnheader", { name: "Standort" }).count(), 0);
    }
    await menu(page, "Morgenrunde").click();
    await page.getByRole("menuitem", { name: "Alles, ohne Ansicht" }).click();
    await page.waitForURL(/saved=none/);
    expect(param(page, "state")).toBeNull();
  });

  story("what others share is there to be used; who manages users renames it, and it stays shared", async () => {
    const { page } = await stage.open("/devices?saved=none");
    await settle(page);
    await menu(page).click();
    await page.getByRole("menuitem", { name: /Server mit Störung.*Nachtdienst/ }).click();
    await page.waitForURL(/tag=server/);
    await menu(page, "Server mit Störung").click();
    await page.getByRole("menuitem", { name: "„Server mit Störung“ umbenennen …" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Server in Not");
    await shows(() => dialog.getByRole("switch").count(), 0);
    await dialog.getByRole("button", { name: "Speichern" }).click();
    await menu(page, "Server in Not").click();
    await page.getByRole("menuitem", { name: /Server in Not.*Nachtdienst/ }).waitFor();
    await page.getByRole("menuitem", { name: "„Server in Not“ löschen …" }).waitFor();
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
      .getByRole("combobox", { name: "Jede Aktion" })
      .or(page.getByRole("textbox", { name: "Jede Aktion" }))
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
