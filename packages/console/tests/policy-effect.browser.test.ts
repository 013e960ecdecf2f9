/** What a policy's editor tells before it is saved. */
import { testNeeding, whyNoBrowser } from "@hauswart/testkit/needs.ts";
import { afterAll, afterEach, beforeAll, describe, expect } from "bun:test";
import { setStage, settle, type Stage } from "./stage.ts";

const missing = whyNoBrowser();
let stage: Stage;
const story = (title: string, run: () => Promise<void>) => testNeeding(missing)(title, run, 60_000);

beforeAll(async () => {
  if (!missing) stage = await setStage();
}, 120_000);
afterEach(() => stage?.closePages());
afterAll(() => stage?.stop(), 30_000);

const policyOf = (name: string) => stage.double.world.policies.find((policy) => policy.name === name)!;

describe("the effect of a change", () => {
  story("stands beside Save while somebody edits, and device by device on demand; saving brings about just that", async () => {
    const { page } = await stage.open(`/policies/${policyOf("Grundschutz").policyId}?check=disk-space`);
    await settle(page);
    const field = page.getByRole("textbox", { name: /^Warnung unter/ }).first();
    await field.fill("90");
    await page.getByText(/Geräte melden sofort neue oder schwerere Befunde/).waitFor();
    await page.getByRole("button", { name: "Wirkung ansehen" }).click();
    const dialog = page.getByRole("dialog", { name: "Wirkung dieser Änderung" });
    await dialog.getByText("Neuer Befund").first().waitFor();
    expect(await dialog.getByText("12 %").count()).toBeGreaterThan(0);
    expect(await dialog.getByText(/aus: Grundschutz/).count()).toBeGreaterThan(0);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Speichern" }).click();
    await page.getByText("Gespeichert. Die Richtlinie gilt ab jetzt.").waitFor();
    expect(policyOf("Grundschutz").checks[0]!.settings).toMatchObject({ warningBelowPercent: 90 });
  });

  story("a change that touches nobody says so", async () => {
    const { page } = await stage.open(`/policies/${policyOf("Grundschutz").policyId}`);
    await settle(page);
    await page.getByRole("textbox", { name: "Name" }).fill("Grundschutz für alle");
    await page.getByText("An keinem Gerät ändert sich etwas.").waitFor();
    expect(await page.getByRole("button", { name: "Wirkung ansehen" }).count()).toBe(0);
  });

  story("before a policy is deleted it is told what then holds", async () => {
    const { page } = await stage.open(`/policies/${policyOf("Kassen").policyId}`);
    await page.getByRole("button", { name: "Löschen …" }).click();
    await page
      .getByRole("dialog")
      .getByText(/Geräte? änder(t|n) sich/)
      .waitFor();
  });
});
