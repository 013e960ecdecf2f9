/** A day's work in the console: the inbox from the keyboard, the overview's numbers, the palette, paper. */
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import { testNeeding, whyNoBrowser } from "@hauswart/testkit/needs.ts";
import { afterAll, afterEach, beforeEach, describe, expect } from "bun:test";
import type { Page } from "playwright-core";
import { raiseAlarm } from "../dev/daily.ts";
import { hold } from "./hold.ts";
import { setStage, settle, type Stage } from "./stage.ts";
import { shows } from "./shows.ts";

const missing = whyNoBrowser();
const limitMs = 180_000;
let stage: Stage;

const story = (title: string, run: () => Promise<void>) => testNeeding(missing)(title, run, limitMs);
const rowLinks = (page: Page) => page.locator("[data-row-link]");
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("data-row-link") ?? null);
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const openFindings = () => stage.double.world.findings.filter(({ finding }) => finding.state === "open").map(({ finding }) => finding);
const noted = (note: string) => stage.double.world.findings.filter(({ finding }) => finding.acknowledgement?.note === note).length;
/** How many rows a list says that it has. */
const rowCount = async (page: Page) => Number(/^\d+/.exec(await page.getByText(/^\d+ (Eintrag|Einträge)$/).innerText())![0]);

// Each story on a world of its own: they acknowledge and raise alarms.
beforeEach(async () => {
  if (!missing) stage = await setStage();
}, 120_000);
afterEach(async () => {
  await stage?.closePages();
  await stage?.stop();
});
afterAll(() => undefined);

/** Everything is shown: what stands behind a silence too. */
async function openInbox(): Promise<Page> {
  const { page } = await stage.open("/findings?state=open");
  await rowLinks(page).first().waitFor();
  return page;
}

describe("the inbox from the keyboard", () => {
  story("a range and all are selected, acknowledged in one dialog and taken back in one step, one after the other", async () => {
    const page = await openInbox();
    await press(page, "j", "x", "j", "j", "Shift+X");
    await page.getByText("3 Befunde ausgewählt").waitFor();
    await press(page, "a");
    // The first of them explains others, which go with it.
    const explained = Number(
      /\d+/.exec(
        await page
          .getByRole("dialog")
          .getByText(/^Auch die \d+ Befunde/)
          .innerText(),
      )![0],
    );
    await page.getByLabel("Notiz", { exact: true }).fill("erste Runde");
    await page.getByRole("dialog").getByRole("button", { name: "Bestätigen" }).click();
    await page.getByText(`${3 + explained} Befunde bestätigt`, { exact: true }).waitFor();
    expect(noted("erste Runde")).toBe(3 + explained);
    const rest = openFindings().length;
    expect(rest).not.toBe(3 + explained);
    await press(page, "*", "a");
    await page.getByLabel("Notiz", { exact: true }).fill("zweite Runde");
    await page.getByRole("dialog").getByRole("button", { name: "Bestätigen" }).click();
    // The notice of the first round may have gone by now.
    await page.getByText(`${rest} Befunde bestätigt`, { exact: true }).waitFor();
    expect(openFindings()).toEqual([]);
    await press(page, "u");
    await page
      .getByText(/Bestätigungen zurückgenommen/)
      .first()
      .waitFor();
    expect(noted("zweite Runde")).toBe(0);
    expect(noted("erste Runde")).toBe(3 + explained);
    await press(page, "u");
    await page.getByText(`${3 + explained} Bestätigungen zurückgenommen`).waitFor();
    expect(noted("erste Runde")).toBe(0);
  });

  story("a note is added without acknowledging, and the help tells the keys", async () => {
    const page = await openInbox();
    await press(page, "j", "n");
    const dialog = page.getByRole("dialog");
    await shows(() => dialog.getByLabel("Notiz", { exact: true }).inputValue(), "");
    await dialog.getByLabel("Notiz", { exact: true }).fill("Kunde weiß Bescheid");
    await dialog.getByRole("button", { name: "Notiz anfügen" }).click();
    await page.getByText("Notiz angefügt").waitFor();
    const one = stage.double.world.findings.find(({ events }) => events.some(({ note }) => note === "Kunde weiß Bescheid"))!;
    expect(one.finding.state).toBe("open");
    await press(page, "Enter");
    await page.getByText("Kunde weiß Bescheid").waitFor();
    await press(page, "?");
    await page.getByRole("dialog", { name: "Tasten" }).getByText("von der letzten Auswahl bis hierher auswählen").waitFor();
    await press(page, "Escape");
    await page.getByRole("dialog", { name: "Tasten" }).waitFor({ state: "detached" });
    // The dialog has taken this Esc for itself; the pane is still there.
    await page.getByText("Kunde weiß Bescheid").waitFor();
  });

  story("the focus stays where the work is: after a pane, after a dialog, and when news arrive", async () => {
    const page = await openInbox();
    await press(page, "j", "j");
    const here = await focused(page);
    expect(here).not.toBeNull();
    await press(page, "Enter");
    await page.getByRole("button", { name: "Schließen" }).click();
    await page.waitForFunction((id) => document.activeElement?.getAttribute("data-row-link") === id, here);
    const { deviceId } = openFindings().findLast(({ check }) => check !== deviceCheckId && check !== "disk-space")!;
    raiseAlarm(stage.double.world, deviceId!, {
      check: "services",
      code: "not-running",
      subject: "neu.service",
      severity: "failure",
      evidence: { state: "dead" },
    });
    await page.getByRole("status").filter({ hasText: "1 neuer Eintrag" }).waitFor();
    expect(await focused(page)).toBe(here);
    await page.getByRole("button", { name: "1 neuer Eintrag – anzeigen" }).focus();
    await press(page, "Enter");
    await page.getByText(/neu\.service/).waitFor();
    await page.waitForFunction((id) => document.activeElement?.getAttribute("data-row-link") === id, here);
    await press(page, "a");
    await page.getByRole("dialog").getByRole("button", { name: "Bestätigen" }).click();
    await page.getByText("1 Befund bestätigt", { exact: true }).waitFor();
    // On with the next one: this one leaves the list.
    await page.waitForFunction((id) => {
      const link = document.activeElement?.getAttribute("data-row-link");
      return link !== null && link !== undefined && link !== id;
    }, here);
  });

  story("a silent device hides what is known of it from before; acknowledging its silence takes that along", async () => {
    const page = await openInbox();
    // One that nothing else explains: those of a site without connection stand behind the site.
    const silent = openFindings().find(({ check, code, incident }) => check === deviceCheckId && code === "silent" && !incident)!;
    const ofDevice = () => openFindings().filter(({ deviceId }) => deviceId === silent.deviceId).length;
    expect(ofDevice()).toBe(3);
    const row = page.locator("tr").filter({ has: page.locator(`[data-row-link="${silent.findingId}"]`) });
    const rows = page.locator("tbody tr").filter({ hasText: silent.deviceName! });
    await shows(() => rows.count(), 1);
    await row.getByRole("button", { name: "2 dahinter" }).click();
    await rows.nth(2).waitFor();
    await row.getByRole("button", { name: "2 dahinter" }).click();
    await rows.nth(1).waitFor({ state: "detached" });
    await row.getByRole("link").first().click();
    await press(page, "a");
    await page.getByLabel("Auch die 2 Befunde, die dahinter stehen").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Bestätigen" }).click();
    await page.getByText("3 Befunde bestätigt", { exact: true }).waitFor();
    expect(ofDevice()).toBe(0);
  });
});

describe("the overview", () => {
  story("every number leads to the list of exactly what it counts", async () => {
    const { page } = await stage.open("/");
    // Wide enough for all columns.
    await page.setViewportSize({ width: 1_920, height: 1_080 });
    const follow = async (name: RegExp) => {
      await page.goto(`${stage.base}/`);
      const link = page.getByRole("link", { name }).first();
      const number = Number(/\d+/.exec(await link.innerText())![0]);
      await link.click();
      await page.getByRole("heading", { name: /^(Befunde|Geräte)$/ }).waitFor();
      await page.getByRole("table").waitFor();
      expect([name.source, await rowCount(page)]).toEqual([name.source, number]);
    };
    await follow(/nicht gemessen/);
    await follow(/^\d+ Befunde bestätigt/);
    await follow(/laufen heute ab|heute ablaufen/);
    await follow(/^\d+ gestört/);
    for (const column of [1, 2, 3]) {
      await page.goto(`${stage.base}/`);
      // What is zero is no link.
      const table = page.getByRole("table", { name: "Was ist gestört?" });
      const link = table
        .locator(`tbody td:nth-child(${column + 1})`)
        .getByRole("link")
        .first();
      const number = Number.parseInt(await link.innerText(), 10);
      await link.click();
      await page.getByRole("heading", { name: /^(Befunde|Geräte)$/ }).waitFor();
      await page.getByRole("table").waitFor();
      if (column === 3) expect(await rowCount(page)).toBe(number);
      else {
        await page.locator("[data-row-link], tbody a").first().waitFor();
        const unfold = page.getByRole("button", { name: /dahinter$/ });
        if ((await unfold.count()) > 0) await unfold.first().click();
        await shows(() => rowLinks(page).count(), number);
      }
    }
  });

  story("what has been seen stays so when the answer to an earlier look comes late", async () => {
    const { page } = await stage.open("/not-yet");
    const first = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    let isFirst = true;
    await page.route(/\/api\/v1\/.*visit/, async (call) => {
      if (!isFirst) return call.continue();
      isFirst = false;
      const response = await call.fetch();
      first.resolve();
      await gate.promise;
      await call.fulfill({ response });
    });
    await page.goto(`${stage.base}/`);
    await first.promise;
    await page.getByRole("button", { name: "Alles gesehen" }).click();
    await page.getByText("Seitdem hat sich nichts geändert.").waitFor();
    const late = page.waitForResponse(/visit/);
    gate.resolve();
    await (await late).finished();
    await settle(page);
    await page.getByText("Seitdem hat sich nichts geändert.").waitFor();
  });

  story("what has been seen is not told again", async () => {
    const { page } = await stage.open("/");
    await page.getByRole("table", { name: "Was hat sich geändert?" }).waitFor();
    await page.getByRole("button", { name: "Alles gesehen" }).click();
    await page.getByText("Seitdem hat sich nichts geändert.").waitFor();
    await page.getByText(/seit Ihrem letzten Besuch am/).waitFor();
    // The same person at another computer.
    const { page: elsewhere } = await stage.open("/");
    await elsewhere.getByText("Seitdem hat sich nichts geändert.").waitFor();
    stage.double.world.people.visits.clear();
  });
});

describe("the palette", () => {
  story("finds in spite of left-out letters, goes by keyboard, and begins with what was opened last", async () => {
    const { page } = await stage.open("/");
    await press(page, "Control+k");
    const search = page.getByPlaceholder("Gerät, Kunde, Befund oder Befehl …");
    await search.fill("stkanz");
    await page.getByRole("button", { name: "Steuerkanzlei am Markt", exact: true }).waitFor();
    await press(page, "Enter");
    await page.getByRole("heading", { name: "Steuerkanzlei am Markt" }).waitFor();
    await page.goto(`${stage.base}/`);
    await page.getByRole("heading", { name: "Überblick" }).waitFor();
    await press(page, "Control+k");
    const first = page.getByRole("dialog").getByRole("button").first();
    await first.waitFor();
    await shows(() => first.innerText(), "Steuerkanzlei am Markt");
    await press(page, "ArrowDown", "Enter");
    await page.getByRole("heading", { name: "Steuerkanzlei am Markt" }).waitFor();
  });

  story("Enter opens the first that was found, also when it has come after the last letter", async () => {
    const { devices, findings } = stage.double.world;
    // Nothing else is found by its name.
    const { device } = devices.find(
      ({ device: { lifecycle, name } }) => lifecycle === "active" && !findings.some(({ finding }) => finding.deviceName?.startsWith(name)),
    )!;
    const { page } = await stage.open("/");
    const release = await hold(page, /\/api\/v1\/devices\?.*search=/);
    await press(page, "Control+k");
    const dialog = page.getByRole("dialog", { name: /Gerät, Kunde/ });
    await dialog.getByRole("textbox").fill(device.name);
    await dialog.getByText(/^Nichts gefunden/).waitFor();
    release();
    await dialog.getByRole("button", { name: new RegExp(`^${device.name}\\b`) }).waitFor();
    await press(page, "Enter");
    await page.getByRole("heading", { name: device.name }).waitFor();
  });

  story("acknowledges all findings of the device that is open", async () => {
    const { deviceId, deviceName } = openFindings().find(({ check, deviceName: name }) => check !== deviceCheckId && name !== null)!;
    const { page } = await stage.open(`/devices/${deviceId}`);
    await press(page, "Control+k");
    await page.getByPlaceholder("Gerät, Kunde, Befund oder Befehl …").fill("bestätigen");
    await page.getByRole("button", { name: `Alle Befunde von ${deviceName} bestätigen` }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Bestätigen" }).click();
    await page.getByText(/Befunde? bestätigt$/).waitFor();
    expect(openFindings().filter((finding) => finding.deviceId === deviceId)).toEqual([]);
  });
});

describe("paper", () => {
  story("is black on white, without rail and head, with every row, the address and the time", async () => {
    const { page } = await stage.open("/devices", { colorScheme: "dark" });
    await page.getByRole("table").waitFor();
    const [loaded, drawn] = [await rowCount(page), await page.locator("tbody tr:not([aria-hidden])").count()];
    expect(drawn).toBeLessThan(loaded);
    await page.emulateMedia({ media: "print" });
    await page.getByText(/^Gedruckt /).waitFor();
    await shows(() => page.getByRole("navigation").count(), 0);
    await shows(() => page.locator("tbody tr:not([aria-hidden])").count(), loaded);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
    expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe("rgb(0, 0, 0)");
    await page.getByText(`${stage.base}/devices`).waitFor();
    await page.emulateMedia({ media: "screen" });
    await page.getByText(/^Gedruckt /).waitFor({ state: "hidden" });
  });
});

describe("the first steps", () => {
  story("say what the mail server answered, and what to do without one", async () => {
    const { page } = await stage.open("/first-steps");
    await page.getByRole("button", { name: "Empfänger eintragen und Testmail senden" }).click();
    await page.getByRole("textbox", { name: "E-Mail-Adresse" }).fill("nobody@example.org");
    await page.getByRole("button", { name: "Eintragen und Testmail senden", exact: true }).click();
    await page.getByText("Der Mailserver hat die Mail abgelehnt.").waitFor();
    await page.getByText("550 5.1.1 User unknown").waitFor();
    stage.double.world.hasMailServer = false;
    await page.reload();
    await page.getByRole("button", { name: "Empfänger eintragen und Testmail senden" }).click();
    await page.getByText(/Setzen Sie HAUSWART_SMTP_URL/).waitFor();
  });
});
