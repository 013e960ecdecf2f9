/** The inbox of findings, as somebody works in it for hours: from the keyboard, beside colleagues. */
import { describe, expect } from "bun:test";
import type { Page } from "playwright-core";
import { sharedStage, story } from "./shared-stage.ts";
import { shows } from "./shows.ts";

const stage = sharedStage();
const rowLinks = (page: Page) => page.locator("[data-row-link]");
const search = (page: Page) => new URL(page.url()).searchParams;
const states = (page: Page) => page.locator("table tbody tr").filter({ hasText: "bestätigt" });

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

  story("the row that Tab has reached is the one that keys mean, and the walk goes on from there", async () => {
    const { page } = await stage.open("/findings?state=open&severity=failure");
    await rowLinks(page).nth(3).waitFor();
    const idOf = (place: number) => rowLinks(page).nth(place).getAttribute("data-row-link");
    const [third, fourth] = [await idOf(2), await idOf(3)];
    const title = await rowLinks(page).nth(2).innerText();
    await page.keyboard.press("j");
    await rowLinks(page).nth(2).focus();
    await page.keyboard.press("a");
    await page.getByRole("dialog").getByText(title).first().waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.waitForFunction((id) => document.activeElement?.getAttribute("data-row-link") === id, third);
    await page.keyboard.press("j");
    await page.waitForFunction((id) => document.activeElement?.getAttribute("data-row-link") === id, fourth);
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
    await shows(() => states(page).count(), before);
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

describe("what a colleague has acknowledged", () => {
  const theirs = () => stage.double.world.findings.find(({ finding }) => finding.acknowledgement?.by === "Nachtdienst")!.finding;

  story("is left alone when everything is selected, unless the reader says otherwise", async () => {
    const { findingId, severity, customerId, acknowledgement } = theirs();
    const address = `/findings?severity=${severity}&customer=${customerId}`;
    const { page } = await stage.open(address);
    await rowLinks(page).first().waitFor();
    await page.keyboard.press("*");
    await page.keyboard.press("a");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(/schon bestätigt.*Nachtdienst|Nachtdienst schon bestätigt/).waitFor();
    await dialog.getByLabel("Notiz", { exact: true }).fill("Alle auf einmal");
    await dialog.getByRole("button", { name: "Bestätigen" }).click();
    await page.getByText(/Befunde? bestätigt$/).waitFor();
    const findingNow = () => stage.double.world.findings.find(({ finding }) => finding.findingId === findingId)!.finding;
    expect(findingNow().acknowledgement).toEqual(acknowledgement);
    await page.keyboard.press("u");
    await page.getByText(/Bestätigung(en)? zurückgenommen/).waitFor();
    expect(findingNow().acknowledgement).toEqual(acknowledgement);
    expect(stage.double.world.findings.filter(({ finding }) => finding.acknowledgement?.note === "Alle auf einmal")).toEqual([]);

    // Who means it replaces it, and cannot take that back.
    await page.goto(`${stage.base}${address}&state=acknowledged`);
    await page.locator(`[data-row-link="${findingId}"]`).focus();
    await page.locator(`[data-row-link="${findingId}"]`).click();
    await page.keyboard.press("u");
    await page.getByText("Bestätigt hat das Nachtdienst.").waitFor();
    expect(findingNow().acknowledgement).toEqual(acknowledgement);
    await page.keyboard.press("a");
    await dialog.getByText("Schon bestätigt von Nachtdienst.").waitFor();
    await dialog.getByLabel("Notiz", { exact: true }).fill("Jetzt bei mir");
    await dialog.getByRole("button", { name: "Bestätigen" }).click();
    await page.getByText("1 Befund bestätigt", { exact: true }).waitFor();
    expect(findingNow().acknowledgement).toMatchObject({ by: "Leitstelle", note: "Jetzt bei mir" });
    await shows(() => page.getByRole("button", { name: "Zurücknehmen", exact: true }).count(), 0);
  });
});
