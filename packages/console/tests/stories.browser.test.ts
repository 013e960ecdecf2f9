/** What people do with the console, told from outside: by keys, clicks and addresses. */
import { newId } from "@hauswart/protocol/new-id.ts";
import { until } from "@hauswart/testkit/until.ts";
import { describe, expect } from "bun:test";
import type { Locator, Page } from "playwright-core";
import { doubleAccount } from "../dev/double.ts";
import { makeFinding } from "../dev/findings.ts";
import { enrolDevice } from "../dev/handlers.ts";
import { hostileName } from "../dev/world.ts";
import { sharedStage, story } from "./shared-stage.ts";
import { settle } from "./stage.ts";
import { brokenDevice } from "./views.ts";
import { shows } from "./shows.ts";

const stage = sharedStage();
const rowLinks = (page: Page) => page.locator("[data-row-link]");
const search = (page: Page) => new URL(page.url()).searchParams;

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
    await shows(() => rowLinks(page).first().textContent(), first);
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
    await until("no listener", () => stage.double.world.listeners.size === 0);
    const first = await stage.open("/");
    await first.page.getByText("live", { exact: true }).waitFor();
    const second = await first.page.context().newPage();
    await second.goto(`${stage.base}/devices`);
    await second.getByText("live", { exact: true }).waitFor();
    const [listener, ...more] = stage.double.world.listeners;
    expect(more).toEqual([]);
    await first.page.goto("about:blank");
    await until("another listener", () => stage.double.world.listeners.size === 1 && !stage.double.world.listeners.has(listener!));
    await second.getByText("live", { exact: true }).waitFor();
    await second.context().close();
    await until("no listener", () => stage.double.world.listeners.size === 0);
  });

  story("while the server is away the last known data stay, and it is said", async () => {
    const { page } = await stage.open("/devices");
    await page.getByText("live", { exact: true }).waitFor();
    await page.locator("tbody a").first().waitFor();
    await settle(page);
    const rows = await page.locator("tbody a").count();
    stage.double.isAway = true;
    stage.double.breakStreams();
    await page.getByText(/^Stand \d\d:\d\d$/).waitFor();
    await shows(() => page.locator("tbody a").count(), rows);
    stage.double.isAway = false;
    await page.getByText("live", { exact: true }).waitFor({ timeout: 60_000 });
  });
});

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
    await dialog.getByText(/^Braucht curl\./).waitFor();
    await shows(() => dialog.getByRole("note").count(), 0);
    await dialog.getByText("Windows, verteilt").click();
    await dialog.getByText(/# win32 msiexec$/).waitFor();
    await shows(
      () => dialog.getByRole("link", { name: "hauswart-agent-windows-x64.msi herunterladen" }).getAttribute("href"),
      "/download/hauswart-agent-windows-x64.msi",
    );
    await dialog.getByText("macOS", { exact: true }).click();
    await dialog.getByText(/build:installers/).waitFor();
    await shows(() => dialog.getByRole("textbox", { name: "Auf dem Computer ausführen" }).count(), 0);
    const site = stage.double.world.sites.find(({ name }) => name === "Praxis")!;
    enrolDevice(stage.double.world, site.siteId);
    await dialog.getByText(/ist da\.$/).click();
    await page.getByRole("link", { name: "Zahnarztpraxis am Park" }).waitFor();
  });
});

describe("enrolment at a new site", () => {
  story("stays there while a device at one of the others changes", async () => {
    const { world } = stage.double;
    const { customerId, siteId } = world.sites.find((one) => one.deviceCount > 0)!;
    const { page } = await stage.open(`/?enrol=1&customer=${customerId}`);
    await page.getByText("live", { exact: true }).waitFor();
    const dialog = page.getByRole("dialog", { name: "Gerät anmelden" });
    await dialog.getByRole("combobox", { name: "Standort" }).click();
    await page.getByRole("option", { name: "Neuer Standort …" }).click();
    await dialog.getByLabel("Name des neuen Standorts").fill("Lager");
    const told = page.waitForResponse((response) => response.url().includes("/api/v1/sites?"));
    enrolDevice(world, siteId);
    await (await told).finished();
    await settle(page);
    await shows(() => dialog.getByLabel("Name des neuen Standorts").inputValue(), "Lager");
    await dialog.getByRole("button", { name: "Token erzeugen" }).click();
    await until("the site", () => world.sites.some((site) => site.customerId === customerId && site.name === "Lager"));
  });
});

describe("enrolment at a server that answers on localhost alone", () => {
  story("says before the command that no other computer gets there, and what to do", async () => {
    const { page } = await stage.open("/?enrol=1");
    await page.route("**/api/v1/enrolment-tokens", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replaceAll("https://hauswart.example", "http://localhost:8080") });
    });
    const dialog = page.getByRole("dialog", { name: "Gerät anmelden" });
    await dialog.getByLabel("Kunde").click();
    await page.getByRole("option", { name: "Neuer Kunde …" }).click();
    await dialog.getByLabel("Name des neuen Kunden").fill("Blumenhaus");
    await dialog.getByLabel("Name des neuen Standorts").fill("Laden");
    await dialog.getByRole("button", { name: "Token erzeugen" }).click();
    const note = dialog.getByRole("note");
    await shows(() => note.innerText(), expect.stringMatching(/kein anderer Computer.*npm start -- --network.*HAUSWART_URL/s));
    const [above, command] = await Promise.all([note.boundingBox(), dialog.getByText(/hauswart-agent enrol --server/).boundingBox()]);
    expect(above!.y + above!.height).toBeLessThanOrEqual(command!.y);
  });
});

describe("a form that was open while a colleague saved", () => {
  story("does not move the device back, nor take the colleague's tag away", async () => {
    const { world } = stage.double;
    const { device } = world.devices.find(
      (one) => one.device.lifecycle !== "revoked" && one.device.tags.length > 0 && one.device.openFindings.failure === 0,
    )!;
    const { deviceId, customerId } = device;
    const annex = { ...world.sites.find((site) => site.siteId === device.siteId)!, siteId: newId(), name: "Nebengebäude" };
    world.sites.push(annex);
    const tell = () => world.tell({ kind: "device", id: deviceId, customerId, change: "changed" });
    const { page } = await stage.open(`/devices/${deviceId}`);
    await page.getByRole("button", { name: "Ändern", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("PC-NEU");
    Object.assign(device, { siteId: annex.siteId, siteName: annex.name });
    tell();
    await page.getByRole("main").getByText("Nebengebäude").first().waitFor({ state: "attached" });
    await dialog.getByRole("button", { name: "Speichern" }).click();
    await dialog.waitFor({ state: "detached" });
    expect([device.name, device.siteId]).toEqual(["PC-NEU", annex.siteId]);

    const before = [...device.tags];
    await page.getByRole("button", { name: "Schlagwort hinzufügen" }).click();
    const tags = page.getByRole("combobox", { name: "Schlagwörter" });
    await tags.fill("eigenes");
    await tags.press("Enter");
    device.tags = [...device.tags, "fremdes"];
    tell();
    await page.getByRole("main").getByText("fremdes").first().waitFor();
    await page.getByRole("button", { name: "Speichern" }).click();
    await tags.waitFor({ state: "detached" });
    expect(device.tags.toSorted()).toEqual([...before, "eigenes", "fremdes"].toSorted());
  });

  story("leaves a site's gateway and a customer's language as they were saved meanwhile", async () => {
    const { world } = stage.double;
    const customer = world.customers.find(({ name }) => name === "Muster GmbH")!;
    const site = world.sites.find(({ customerId }) => customerId === customer.customerId)!;
    const { page } = await stage.open(`/customers/${customer.customerId}`);
    const dialog = page.getByRole("dialog");
    await page.getByRole("button", { name: `${site.name} ändern` }).click();
    await dialog.getByLabel("Name").fill("Hauptsitz");
    const gateway = world.devices.find((one) => one.device.siteId === site.siteId)!.device.deviceId;
    site.gatewayDeviceId = gateway;
    await dialog.getByRole("button", { name: "Speichern" }).click();
    await dialog.waitFor({ state: "detached" });
    expect([site.name, site.gatewayDeviceId]).toEqual(["Hauptsitz", gateway]);

    await page.getByRole("button", { name: "Ändern", exact: true }).first().click();
    await dialog.getByLabel("Name").fill("Muster AG");
    customer.language = "en";
    await dialog.getByRole("button", { name: "Speichern" }).click();
    await dialog.waitFor({ state: "detached" });
    expect([customer.name, customer.language]).toEqual(["Muster AG", "en"]);
  });

  story("leaves what a customer was promised, and a calendar's working days, as they were saved meanwhile", async () => {
    const { customerId } = stage.double.world.customers[0]!;
    const open = async (path: string, edit: (page: Page) => Locator) => {
      const { page } = await stage.open(path);
      await edit(page).click();
      const dialog = page.getByRole("dialog");
      const save = async () => {
        await dialog.getByRole("button", { name: "Speichern" }).click();
        await dialog.waitFor({ state: "detached" });
      };
      return { page, dialog, save };
    };
    const promises = (page: Page) => page.locator("section", { hasText: /^Zusagen bei Alarmen/ }).getByRole("button", { name: "Ändern" });
    const calendar = (page: Page) => page.getByRole("button", { name: "Servicezeit ändern" });
    const [mine, theirs] = [await open(`/customers/${customerId}`, promises), await open(`/customers/${customerId}`, promises)];
    const termsNow = (page: Page) =>
      page.evaluate((path) => fetch(path).then((answer) => answer.json()), `/api/v1/customers/${customerId}/terms`);
    const before = await termsNow(mine.page);
    await theirs.dialog.getByLabel("Stunden Servicezeit").fill("7");
    await theirs.save();
    await mine.dialog.getByLabel("Alarmübung: einmal im Monat").click();
    await mine.save();
    expect(await termsNow(mine.page)).toMatchObject({ contactWithinMinutes: 420, alarmDrill: !before.alarmDrill });

    const [ours, other] = [await open("/calendars", calendar), await open("/calendars", calendar)];
    await other.dialog.getByLabel("Halbe Feiertage zählen als Arbeitstage").click();
    await other.save();
    await ours.dialog.getByLabel("Name").fill("Bürozeit");
    await ours.save();
    const { calendars } = await ours.page.evaluate(() => fetch("/api/v1/calendars").then((answer) => answer.json()));
    expect(calendars).toContainEqual(expect.objectContaining({ name: "Bürozeit", halfDaysWork: false }));
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
    await shows(() => page.locator("iframe").getAttribute("sandbox"), "");
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
    await shows(() => page.getAttribute("html", "lang"), "en");
    await page.reload();
    await page.getByRole("heading", { name: "Findings" }).waitFor();
  });

  story("the look follows the system until somebody chooses", async () => {
    const { page } = await stage.open("/", { colorScheme: "dark" });
    const scheme = () => page.getAttribute("html", "data-mantine-color-scheme");
    await shows(scheme, "dark");
    await page.getByRole("button", { name: "Darstellung" }).click();
    await page.getByRole("menuitem", { name: "Hell" }).click();
    await shows(scheme, "light");
    await page.reload();
    await shows(scheme, "light");
  });
});
