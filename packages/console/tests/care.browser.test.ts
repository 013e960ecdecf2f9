/** What follows an alarm, in the browser: the customer orders the repair, the technician accepts it and records a contact. */
import { testNeeding, whyNoBrowser } from "@hauswart/testkit/needs.ts";
import { afterAll, afterEach, beforeAll, expect } from "bun:test";
import { setStage, settle, type Stage } from "./stage.ts";
import { openFinding } from "./views.ts";

const missing = whyNoBrowser();
let stage: Stage;
beforeAll(async () => {
  if (!missing) stage = await setStage();
}, 120_000);
afterEach(() => stage?.closePages());
afterAll(() => stage?.stop(), 30_000);

testNeeding(missing)(
  "ALM-2 the customer orders with a name and a press, the technician accepts it at the finding",
  async () => {
    const { double } = stage;
    const { page } = await stage.open("/");
    const { origin } = new URL(page.url());
    await page.goto("about:blank");
    await page.goto(`${origin}/order#token=${openFinding(double)}`);
    await page.getByText("95,00 € je Stunde").waitFor();
    expect(page.url()).not.toContain("token");
    const press = page.getByRole("button", { name: "Verbindlich beauftragen" });
    expect(await press.isDisabled()).toBe(true);
    await page.getByRole("textbox", { name: "Ihr Name" }).fill("Erika Muster");
    await press.click();
    await page.getByRole("status").getByText("Beauftragt von Erika Muster").waitFor();
    expect(await press.count()).toBe(0);

    await page.goto(`${origin}/orders?state=open`);
    await page
      .getByRole("link", { name: /^Festplatte C:/ })
      .first()
      .click();
    await page.getByRole("button", { name: "Annehmen" }).click();
    await page.getByRole("textbox", { name: "Antwort an den Kunden" }).fill("Heute um 14 Uhr.");
    await page.getByRole("dialog").getByRole("button", { name: "Annehmen" }).click();
    await page.getByText("Auftrag angenommen; der Kunde bekommt eine Mail").waitFor();
  },
  60_000,
);

testNeeding(missing)(
  "ALM-3 a contact is recorded from the keyboard, and the finding leaves the list of those that are due",
  async () => {
    const { double } = stage;
    const findingId = openFinding(double);
    const { page } = await stage.open("/contacts");
    const due = page
      .getByRole("table", { name: "Fällig" })
      .getByRole("link")
      .and(page.locator(`[href*="${findingId}"]`));
    await due.waitFor();
    await page.goto(`${new URL(page.url()).origin}/findings?finding=${findingId}`);
    await settle(page);
    await page.locator(`[data-row-link="${findingId}"]`).waitFor();
    await page.keyboard.press("c");
    await page.getByRole("textbox", { name: "Mit wem" }).fill("Frau Muster");
    await page.keyboard.press("Enter");
    await page.getByText("Kontakt festgehalten").waitFor();
    await page.goto(`${new URL(page.url()).origin}/contacts`);
    await page.getByText("Frau Muster").first().waitFor();
    expect(await due.count()).toBe(0);
  },
  60_000,
);
