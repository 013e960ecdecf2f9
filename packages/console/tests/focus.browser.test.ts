/** Whoever works without a mouse goes on where they were when a dialog closes. */
import type { Page } from "playwright-core";
import { brokenDevice } from "./views.ts";
import { sharedStage, story } from "./shared-stage.ts";
import { shows } from "./shows.ts";

const stage = sharedStage();

story("a dialog that closes gives the focus back to the button that opened it", async () => {
  const { page } = await stage.open("/maintenance");
  const plan = page.getByRole("button", { name: "Wartung planen" });
  await plan.focus();
  await page.keyboard.press("Enter");
  await page.locator("[role=dialog] input:focus").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("button:focus", { hasText: "Wartung planen" }).waitFor();
});

story("a dialog of the inbox gives it back to the row", async () => {
  const { page } = await stage.open("/findings");
  await page.locator("tbody [data-row-link]").first().waitFor();
  for (const key of ["j", "j"]) await page.keyboard.press(key);
  const row = page.locator("tbody [data-row-link]:focus");
  await row.waitFor();
  const title = await row.textContent();
  for (const [key, asked] of [
    ["a", "textarea"],
    ["n", "textarea"],
    ["?", "button"],
  ] as const) {
    await page.keyboard.press(key);
    await page.locator(`[role=dialog] ${asked}:focus`).waitFor();
    await page.keyboard.press("Escape");
    await page.locator("tbody [data-row-link]:focus", { hasText: title! }).waitFor();
  }
});

story("a dialog that was chosen in a menu gives it back to the menu's button", async () => {
  const { page } = await stage.open(`/devices/${brokenDevice(stage.double)}`);
  await page.getByRole("button", { name: "Mehr" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: /entfernen/ }).press("Enter");
  await page.locator("[role=dialog] button:focus", { hasText: "Abbrechen" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator('button[aria-label="Mehr"]:focus').waitFor();
});

/** Opens the dialog of a site without devices and types another name. @returns what the dialog shows of it. */
async function renameSite(page: Page, name: string): Promise<() => Promise<string>> {
  await page.getByRole("button", { name: "Filiale Nrod ändern" }).click();
  const dialog = page.getByRole("dialog", { name: "Filiale Nrod ändern" });
  await dialog.getByLabel("Name").fill(name);
  return () => dialog.getByLabel("Name").inputValue();
}

/** @returns the address of its customer. */
function addEmptySite(): string {
  const { sites } = stage.double.world;
  const empty = { siteId: "01a60000-0000-7000-8000-000000000000", name: "Filiale Nrod", deviceCount: 0, gatewayDeviceId: null };
  if (!sites.some(({ siteId }) => siteId === empty.siteId)) sites.push({ ...sites[0]!, ...empty });
  return `/customers/${sites[0]!.customerId}`;
}

story("Escape closes the dialog on top alone; what was typed in the one below stays", async () => {
  const { page } = await stage.open(addEmptySite());
  const typed = await renameSite(page, "Filiale Nord");
  await page.getByRole("button", { name: "Standort löschen …" }).click();
  const question = page.getByRole("dialog", { name: "„Filiale Nrod“ löschen?" });
  await question.locator("button:focus", { hasText: "Abbrechen" }).waitFor();
  await page.keyboard.press("Escape");
  await question.waitFor({ state: "detached" });
  await page.locator("[role=dialog] button:focus", { hasText: "Standort löschen …" }).waitFor();
  await shows(typed, "Filiale Nord");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

story("Escape closes the palette above a dialog, and the dialog with the next press", async () => {
  const { page } = await stage.open(addEmptySite());
  const typed = await renameSite(page, "Filiale Nord");
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: /Gerät, Kunde/ });
  await palette.locator("input:focus").waitFor();
  await page.keyboard.press("Escape");
  await palette.waitFor({ state: "detached" });
  await shows(typed, "Filiale Nord");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});
