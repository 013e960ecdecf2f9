/** What people do with the console, told from outside: by keys, clicks and addresses. */
import { testNeeding, whyNoBrowser } from "@hauswart/testkit/needs.ts";
import { afterAll, afterEach, beforeAll, describe, expect } from "bun:test";
import type { Page } from "playwright-core";
import { doubleAccount } from "../dev/double.ts";
import { makeFinding } from "../dev/findings.ts";
import { enrolDevice } from "../dev/handlers.ts";
import { hostileName } from "../dev/world.ts";
import { setStage, settle, type Stage } from "./stage.ts";
import { brokenDevice } from "./views.ts";

const missing = whyNoBrowser();
const limitMs = 60_000;
let stage: Stage;

const story = (title: string, run: () => Promise<void>) => testNeeding(missing)(title, run, limitMs);
const rowLinks = (page: Page) => page.locator("[data-row-link]");
const search = (page: Page) => new URL(page.url()).searchParams;
const states = (page: Page) => page.locator("table tbody tr").filter({ hasText: "bestätigt" });

beforeAll(async () => {
  if (!missing) stage = await setStage();
}, 120_000);
afterEach(() => stage?.closePages());
afterAll(() => stage?.stop(), 30_000);

describe("signing in", () => {
  story("a wrong password is told plainly; the right one leads to the page that was asked for", async () => {
    const { page } = await stage.open("/");
    await page.context().clearCookies();
    await page.goto(`${stage.base}/devices?state=failure`);
    await page.getByLabel("E-Mail").fill(doubleAccount.email);
    await page.getByLabel("Kennwort").fill("wrong");
    await page.getByRole("button", { name: "Anmelden", exact: true }).click();
    await page.getByText("E-Mail-Adresse oder Kennwort stimmt nicht.").waitFor();
    await page.getByLabel("Kennwort").fill(doubleAccount.password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Geräte" }).waitFor();
    expect(search(page).get("state")).toBe("failure");
  });

  story("signing out leaves nothing behind", async () => {
    const { page } = await stage.open("/devices");
    await page.getByRole("button", { name: "Konto" }).click();
    await page.getByRole("menuitem", { name: "Abmelden" }).click();
    await page.getByLabel("Kennwort").waitFor();
    await page.goto(`${stage.base}/devices`);
    await page.getByLabel("Kennwort").waitFor();
    expect(new URL(page.url()).pathname).toBe("/sign-in");
  });

  story("a session that ends while somebody works leads to the sign-in and back", async () => {
    const { page } = await stage.open("/findings?state=open");
    await rowLinks(page).first().waitFor();
    await page.getByText("live", { exact: true }).waitFor();
    await page.context().clearCookies();
    stage.double.world.tell({
      kind: "finding",
      id: stage.double.world.findings[0]!.finding.findingId,
      customerId: null,
      change: "changed",
    });
    await page.getByLabel("E-Mail").fill(doubleAccount.email);
    await page.getByLabel("Kennwort").fill(doubleAccount.password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Befunde" }).waitFor();
    expect(search(page).get("state")).toBe("open");
  });
});

describe("findings by keyboard", () => {
  story("j and k move, Enter opens, Esc closes, and Back goes to where one came from", async () => {
    const { page } = await stage.open("/");
    await page.getByRole("link", { name: "Befunde", exact: true }).click();
    await rowLinks(page).first().waitFor();
    const ids = await rowLinks(page).evaluateAll((links) => links.map((link) => link.getAttribute("data-row-link")));
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.waitForFunction((id) => document.activeElement?.getAttribute("data-row-link") === id, ids[0]);
    await page.keyboard.press("Enter");
    await page.getByText("Was es bedeutet").waitFor();
    expect(search(page).get("finding")).toBe(ids[0]!);
    await page.keyboard.press("j");
    await page.waitForFunction((id) => new URLSearchParams(location.search).get("finding") === id, ids[1]);
    await page.goBack();
    await page.waitForFunction(() => !location.search.includes("finding"));
    await page.goBack();
    await page.getByRole("heading", { name: "Überblick" }).waitFor();
    await page.goForward();
    await page.getByRole("heading", { name: "Befunde" }).waitFor();
  });

  story("a acknowledges with a note and until when, u takes it back", async () => {
    const { page } = await stage.open("/findings?state=open&severity=warning");
    await rowLinks(page).first().waitFor();
    const before = await states(page).count();
    await page.keyboard.press("j");
    await page.keyboard.press("a");
    await page.getByLabel("Notiz", { exact: true }).fill("Ersatzteil ist bestellt");
    await page.getByRole("combobox", { name: "Gilt bis" }).click();
    await page.getByRole("option", { name: "1 Woche" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Bestätigen" }).click();
    await page.getByText("1 Befund bestätigt", { exact: true }).waitFor();
    const acknowledged = stage.double.world.findings.find(
      ({ finding }) => finding.acknowledgement?.note === "Ersatzteil ist bestellt",
    )?.finding;
    expect(Date.parse(acknowledged!.acknowledgement!.until!)).toBeGreaterThan(Date.now() + 6 * 86_400_000);
    // It has left the list of open ones, but stays where it is: somebody is at the list.
    await page.locator("tr[data-gone]").waitFor();
    expect(await states(page).count()).toBe(before);
    await page.keyboard.press("u");
    await page.getByText("1 Bestätigung zurückgenommen").waitFor();
    expect(stage.double.world.findings.find(({ finding }) => finding.findingId === acknowledged!.findingId)?.finding.state).toBe("open");
  });

  story("x selects several, a acknowledges them at once, the notice undoes it", async () => {
    const { page } = await stage.open("/findings?state=open&severity=warning");
    await rowLinks(page).first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.getByText("2 Befunde ausgewählt").waitFor();
    await page.keyboard.press("a");
    await page.getByLabel("Notiz", { exact: true }).fill("Wartung am Wochenende");
    await page.getByRole("dialog").getByRole("button", { name: "Bestätigen" }).click();
    await page.getByText("2 Befunde bestätigt").waitFor();
    const noted = () =>
      stage.double.world.findings.filter(({ finding }) => finding.acknowledgement?.note === "Wartung am Wochenende").length;
    expect(noted()).toBe(2);
    await page.getByRole("button", { name: "Zurücknehmen", exact: true }).click();
    await page.getByText("2 Bestätigungen zurückgenommen").waitFor();
    expect(noted()).toBe(0);
  });
});

describe("addresses", () => {
  story("filters, search and customer stand in the address and come back with it", async () => {
    const { page } = await stage.open("/devices");
    await page.getByPlaceholder("Name, Kunde, Standort, Schlagwort").fill("srv");
    await page.waitForFunction(() => location.search.includes("search=srv"));
    await page
      .getByRole("combobox", { name: "Kunde" })
      .or(page.getByLabel("Kunde", { exact: true }))
      .first()
      .click();
    await page.getByRole("option", { name: "Muster GmbH" }).click();
    await page.waitForFunction(() => location.search.includes("customer="));
    await page.reload();
    await settle(page);
    await page.locator("tbody a").first().waitFor();
    const names = await page.locator("tbody a").allTextContents();
    expect(names.length).toBeGreaterThan(0);
    expect(names.every((name) => name.includes("SRV"))).toBe(true);
    await page.getByRole("link", { name: "Befunde", exact: true }).click();
    await page.getByRole("heading", { name: "Befunde" }).waitFor();
    expect(search(page).get("customer")).toBe(stage.double.world.customers[0]!.customerId);
  });

  story("the palette leads to a device", async () => {
    const { page } = await stage.open("/");
    const { device } = stage.double.world.devices.find((one) => one.device.name.startsWith("SRV"))!;
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("Gerät, Kunde, Befund oder Befehl …").fill(device.name.toLowerCase());
    await page.getByRole("button", { name: new RegExp(`^${device.name}\\b`) }).click();
    await page.getByRole("heading", { name: device.name }).waitFor();
  });
});

describe("live", () => {
  story("a new finding is announced while somebody is at the list, and shown when asked for", async () => {
    const { page } = await stage.open("/findings");
    await rowLinks(page).first().waitFor();
    await page.getByText("live", { exact: true }).waitFor();
    await page.mouse.move(640, 300);
    const first = await rowLinks(page).first().textContent();
    const one = stage.double.world.devices.find(({ device }) => device.name.startsWith("PC-"))!;
    const made = makeFinding(stage.double.world, one, 0, {
      check: "memory",
      code: "low",
      subject: "",
      severity: "failure",
      evidence: { availablePercent: 1.5, availableBytes: 2e8, totalBytes: 16e9 },
    });
    stage.double.world.findings.unshift(made);
    stage.double.world.tell({ kind: "finding", id: made.finding.findingId, customerId: made.finding.customerId, change: "created" });
    await page.getByRole("button", { name: "1 neuer Eintrag – anzeigen" }).waitFor();
    expect(await rowLinks(page).first().textContent()).toBe(first);
    await page.getByRole("button", { name: "1 neuer Eintrag – anzeigen" }).click();
    await page.locator(`[data-row-link="${made.finding.findingId}"]`).waitFor();
  });

  story("with nobody at the list a closed finding leaves it by itself", async () => {
    const { page } = await stage.open("/findings");
    await rowLinks(page).first().waitFor();
    await page.getByText("live", { exact: true }).waitFor();
    const gone = stage.double.world.findings.find(({ finding }) => finding.state === "open")!;
    const row = page.locator(`[data-row-link="${gone.finding.findingId}"]`);
    await row.waitFor();
    const was = gone.finding;
    gone.finding = { ...was, state: "closed", closedAt: new Date().toISOString() };
    stage.double.world.tell({ kind: "finding", id: was.findingId, customerId: was.customerId, change: "closed" });
    await row.waitFor({ state: "detached" });
    gone.finding = was;
  });

  story("two tabs share one stream, and the second takes over when the first closes", async () => {
    await waitUntil(() => stage.double.world.listeners.size === 0);
    const first = await stage.open("/");
    await first.page.getByText("live", { exact: true }).waitFor();
    const second = await first.page.context().newPage();
    await second.goto(`${stage.base}/devices`);
    await second.getByText("live", { exact: true }).waitFor();
    expect(stage.double.world.listeners.size).toBe(1);
    await first.page.goto("about:blank");
    await waitUntil(() => stage.double.world.listeners.size === 1);
    await second.getByText("live", { exact: true }).waitFor();
    await second.context().close();
    await waitUntil(() => stage.double.world.listeners.size === 0);
  });

  story("while the server is away the last known data stay, and it is said", async () => {
    const { page } = await stage.open("/devices");
    await page.getByText("live", { exact: true }).waitFor();
    const rows = await page.locator("tbody a").count();
    stage.double.isAway = true;
    stage.double.breakStreams();
    await page.getByText(/^Stand \d\d:\d\d$/).waitFor();
    expect(await page.locator("tbody a").count()).toBe(rows);
    stage.double.isAway = false;
    await page.getByText("live", { exact: true }).waitFor({ timeout: 20_000 });
  });
});

async function waitUntil(holds: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200 && !holds(); attempt++) await Bun.sleep(50);
  expect(holds()).toBe(true);
}

describe("enrolment", () => {
  story("customer, site and kind lead to a command, and the device appears by itself", async () => {
    const { page } = await stage.open("/?enrol=1");
    const dialog = page.getByRole("dialog", { name: "Gerät anmelden" });
    await dialog.getByLabel("Kunde").click();
    await page.getByRole("option", { name: "Neuer Kunde …" }).click();
    await dialog.getByLabel("Name des neuen Kunden").fill("Zahnarztpraxis am Park");
    await dialog.getByLabel("Name des neuen Standorts").fill("Praxis");
    await dialog.getByText("Server", { exact: true }).click();
    await dialog.getByRole("button", { name: "Token erzeugen" }).click();
    await dialog.getByText(/hauswart-agent enrol --server/).waitFor();
    await dialog.getByText("Warten auf das Gerät …").waitFor();
    await dialog.getByText("Windows, verteilt").click();
    await dialog.getByText(/# win32 msiexec$/).waitFor();
    expect(await dialog.getByRole("link", { name: "hauswart-agent-windows-x64.msi herunterladen" }).getAttribute("href")).toBe(
      "/download/hauswart-agent-windows-x64.msi",
    );
    await dialog.getByText("macOS", { exact: true }).click();
    await dialog.getByText(/build:installers/).waitFor();
    expect(await dialog.getByRole("textbox", { name: "Auf dem Computer ausführen" }).count()).toBe(0);
    const site = stage.double.world.sites.find(({ name }) => name === "Praxis")!;
    enrolDevice(stage.double.world, site.siteId);
    await dialog.getByText(/ist da\.$/).click();
    await page.getByRole("link", { name: "Zahnarztpraxis am Park" }).waitFor();
  });
});

describe("a device", () => {
  story("says why a check has its threshold, and draws its values", async () => {
    const { page } = await stage.open(`/devices/${brokenDevice(stage.double)}`);
    await page.getByRole("button", { name: "Speicherplatz" }).click();
    await page.getByText("Warum es diese Prüfung mit diesen Einstellungen gibt").waitFor();
    await page.getByText("Server, für das Schlagwort server").first().waitFor();
    await page.locator("canvas").waitFor();
    expect(search(page).get("check")).not.toBeNull();
    await page.getByText("35 Tage", { exact: true }).click();
    await page.waitForFunction(() => location.search.includes("range=35d"));
    await page.getByText("kleinster").waitFor();
  });

  story("a script in a device's name is text and nothing else", async () => {
    const { device } = stage.double.world.devices.find((one) => one.device.name === hostileName)!;
    const finding = makeFinding(
      stage.double.world,
      stage.double.world.devices.find((one) => one.device === device)!,
      1,
      {
        check: "services",
        code: "not-running",
        subject: hostileName,
        severity: "failure",
        evidence: { state: "failed", displayName: hostileName },
      },
    );
    stage.double.world.findings.unshift(finding);
    const places = [
      `/devices/${device.deviceId}`,
      "/devices?search=onerror",
      `/findings?finding=${finding.finding.findingId}`,
      "/",
      "/?enrol=1",
    ];
    for (const place of places) {
      const { page, log } = await stage.open(place);
      await settle(page);
      expect(await page.evaluate(() => (window as { hauswartWasHarmed?: number }).hauswartWasHarmed)).toBeUndefined();
      expect(log.errors.filter((message) => /content security|refused/i.test(message))).toEqual([]);
      await page.close();
    }
    const { page } = await stage.open(`/devices/${device.deviceId}`);
    await page.getByRole("heading", { level: 1, name: hostileName, exact: true }).waitFor();
  });
});

describe("a mail", () => {
  story("is shown whole, and its script and remote picture reach nothing", async () => {
    const { page } = await stage.open(`/outbox?mail=${stage.double.world.mails[0]!.mailId}`);
    const frame = page.frameLocator("iframe");
    await frame.getByRole("heading").waitFor();
    expect(await page.evaluate(() => (window as { hauswartWasHarmed?: number }).hauswartWasHarmed)).toBeUndefined();
    expect(await page.locator("iframe").getAttribute("sandbox")).toBe("");
    expect(await frame.locator("body").evaluate((body) => getComputedStyle(body).padding)).toBe("24px");
  });
});

describe("a policy", () => {
  story("that somebody else saved in the meantime is brought together, place by place", async () => {
    const policy = stage.double.world.policies.find(({ name }) => name === "Grundschutz")!;
    const { page } = await stage.open(`/policies/${policy.policyId}?check=disk-space`);
    const warning = page.getByRole("textbox", { name: "Warnung unter (%)" });
    await warning.fill("14");
    await page.getByLabel("Name", { exact: false }).first().fill("Grundschutz plus");
    await page.getByText("2 Änderungen").waitFor();
    // Somebody else: another value at the same place, and one at another.
    Object.assign(policy, {
      revision: policy.revision + 1,
      checks: policy.checks.map((check) =>
        check.check === "disk-space"
          ? { ...check, settings: { ...check.settings, warningBelowPercent: 20, failureBelowPercent: 9 } }
          : check,
      ),
    });
    await page.getByRole("button", { name: "Speichern" }).click();
    const dialog = page.getByRole("dialog", { name: "Diese Richtlinie wurde inzwischen geändert" });
    await dialog.getByLabel("20 %").check();
    await dialog.getByRole("button", { name: "Übernehmen und weiter bearbeiten" }).click();
    await page.getByText("1 Änderung,").waitFor();
    await page.getByRole("button", { name: "Speichern" }).click();
    await page.getByText("Gespeichert. Die Richtlinie gilt ab jetzt.").waitFor();
    const saved = stage.double.world.policies.find(({ policyId }) => policyId === policy.policyId)!;
    expect(saved.name).toBe("Grundschutz plus");
    expect(saved.checks.find(({ check }) => check === "disk-space")?.settings).toEqual({ warningBelowPercent: 20, failureBelowPercent: 9 });
  });

  story("with unsaved changes is not left by accident", async () => {
    const policy = stage.double.world.policies.find(({ name }) => name === "Server")!;
    const { page } = await stage.open(`/policies/${policy.policyId}`);
    await page.getByLabel("Name", { exact: false }).first().fill("Server neu");
    await page.getByRole("link", { name: "Geräte", exact: true }).click();
    await page
      .getByRole("button", { name: "Hierbleiben" })
      .or(page.getByRole("button", { name: "Abbrechen" }))
      .first()
      .click();
    expect(new URL(page.url()).pathname).toBe(`/policies/${policy.policyId}`);
    await page.getByRole("link", { name: "Geräte", exact: true }).click();
    await page.getByRole("button", { name: "Verwerfen und weiter" }).click();
    await page.getByRole("heading", { name: "Geräte" }).waitFor();
  });
});

describe("language and look", () => {
  story("a switch turns every text at once and is remembered", async () => {
    const { page } = await stage.open("/findings");
    await rowLinks(page).first().waitFor();
    await page.getByRole("button", { name: "EN", exact: true }).click();
    await page.getByRole("heading", { name: "Findings" }).waitFor();
    expect(await page.getAttribute("html", "lang")).toBe("en");
    await page.reload();
    await page.getByRole("heading", { name: "Findings" }).waitFor();
  });

  story("the look follows the system until somebody chooses", async () => {
    const { page } = await stage.open("/", { colorScheme: "dark" });
    const scheme = () => page.getAttribute("html", "data-mantine-color-scheme");
    expect(await scheme()).toBe("dark");
    await page.getByRole("button", { name: "Darstellung" }).click();
    await page.getByRole("menuitem", { name: "Hell" }).click();
    expect(await scheme()).toBe("light");
    await page.reload();
    expect(await scheme()).toBe("light");
  });
});
