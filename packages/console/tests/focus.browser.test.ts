/** Whoever works without a mouse goes on where they were when a dialog closes. */
import { brokenDevice } from "./views.ts";
import { sharedStage, story } from "./shared-stage.ts";

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
