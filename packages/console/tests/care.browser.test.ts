/** What follows an alarm, in the browser: the customer orders the repair, the technician accepts it and records a contact. */
import { expect } from "bun:test";
import { declinedFinding } from "../dev/care.ts";
import { sharedStage, story } from "./shared-stage.ts";
import { settle } from "./stage.ts";
import { openFinding } from "./views.ts";
import { shows } from "./shows.ts";

const stage = sharedStage();

story("ALM-2 the customer orders with a name and a press, the technician accepts it at the finding", async () => {
  const { double } = stage;
  const { page } = await stage.open("/");
  const { origin } = new URL(page.url());
  await page.goto("about:blank");
  await page.goto(`${origin}/order#token=${openFinding(double)}`);
  await page.getByText("95,00 € je Stunde").waitFor();
  expect(page.url()).not.toContain("token");
  const press = page.getByRole("button", { name: "Verbindlich beauftragen" });
  await shows(() => press.isDisabled(), true);
  await page.getByRole("textbox", { name: "Ihr Name" }).fill("Erika Muster");
  await press.click();
  await page.getByRole("status").getByText("Beauftragt von Erika Muster").waitFor();
  await shows(() => press.count(), 0);

  await page.goto(`${origin}/orders?state=open`);
  await page
    .getByRole("link", { name: /^Festplatte C:/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Annehmen" }).click();
  await page.getByRole("textbox", { name: "Antwort an den Kunden" }).fill("Heute um 14 Uhr.");
  await page.getByRole("dialog").getByRole("button", { name: "Annehmen" }).click();
  await page.getByText("Auftrag angenommen; der Kunde bekommt eine Mail").waitFor();
});

story("ALM-2 what was declined is ordered again by the link of a later mail, on a page that says why it was", async () => {
  const { page } = await stage.open("/");
  const { origin } = new URL(page.url());
  await page.goto("about:blank");
  await page.goto(`${origin}/order#token=${declinedFinding(stage.double.world)!.findingId}`);
  const status = page.getByRole("status");
  await status.getByText(/wurde nicht angenommen\. Das Gerät ist zu alt /).waitFor();
  await page.getByRole("textbox", { name: "Ihr Name" }).fill("Erika Muster");
  await page.getByRole("button", { name: "Verbindlich beauftragen" }).click();
  await status.getByText("Beauftragt von Erika Muster").waitFor();
  await shows(() => page.getByRole("button", { name: "Verbindlich beauftragen" }).count(), 0);
});

story("ALM-3 a contact is recorded from the keyboard, and the finding leaves the list of those that are due", async () => {
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
  await shows(() => due.count(), 0);
});

story("ALM-4 an address that the daily report does not reach stands at the customer, with the reason", async () => {
  const { customerId } = stage.double.world.customers[0]!;
  const { page } = await stage.open(`/customers/${customerId}`);
  await settle(page);
  const promises = page.locator("section", { hasText: /^Zusagen bei Alarmen/ });
  await promises.getByRole("button", { name: "Ändern" }).click();
  await page.getByRole("radiogroup", { name: "Täglicher Bericht" }).getByText("Täglicher Bericht").click();
  await page.getByRole("textbox", { name: "Empfänger, je Zeile einer" }).fill("leitung@kunde.example\nweg@kunde.example");
  await page.getByRole("button", { name: "Speichern" }).click();
  await promises.getByText(/^weg@kunde\.example: Nicht erreichbar seit .+: 550 5\.1\.1 User unknown$/).waitFor();
});
