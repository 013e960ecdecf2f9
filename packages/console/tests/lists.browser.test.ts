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
