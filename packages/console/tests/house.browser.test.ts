/** Keeping house by the console: what is deleted, who goes, in which time one lives. */
import { expect } from "bun:test";
import { hold } from "./hold.ts";
import { shortenMails } from "./house-views.ts";
import { sharedStage, story } from "./shared-stage.ts";
import { shows } from "./shows.ts";

const stage = sharedStage();

story("what would be deleted is said with its number before it is saved", async () => {
  const { world } = stage.double;
  const weekAgo = Date.now() - 7 * 86_400_000;
  const old = world.mails.filter(({ createdAt }) => Date.parse(createdAt) < weekAgo).length;
  const { page } = await stage.open("/settings");
  await shortenMails(page);
  const dialog = page.getByRole("dialog");
  await shows(() => dialog.getByRole("listitem").allTextContents(), [expect.stringMatching(new RegExp(`^Mails: ${old} Eintr(ag|äge),`))]);
  expect(world.settings.mailDays).toBe(90);
  await dialog.getByRole("button", { name: "Speichern und löschen lassen" }).click();
  await page.getByText("Gespeichert.").waitFor();
  expect(world.settings.mailDays).toBe(7);
  // To keep things longer nobody has to be asked.
  await page.getByLabel("Mails", { exact: true }).fill("30");
  await page.getByRole("button", { name: "Speichern", exact: true }).click();
  await shows(async () => world.settings.mailDays, 30);
});

story("what is typed while settings are being saved stays, to be saved next", async () => {
  const { world } = stage.double;
  const { page } = await stage.open("/settings");
  const release = await hold(page, "**/api/v1/settings", "PATCH");
  const [name, sender] = [page.getByLabel("Name des Systemhauses"), page.getByLabel("Absender der Mails")];
  await name.fill("Systemhaus am Kanal");
  const asked = page.waitForRequest((request) => request.method() === "PATCH");
  await page.getByRole("button", { name: "Speichern", exact: true }).click();
  await asked;
  await sender.fill("alarm@fluss.example");
  release();
  await page.getByText("Gespeichert.").waitFor();
  await shows(() => Promise.all([name.inputValue(), sender.inputValue()]), ["Systemhaus am Kanal", "alarm@fluss.example"]);
  await page.getByRole("button", { name: "Speichern", exact: true }).click();
  await shows(async () => [world.settings.name, world.settings.mailFrom], ["Systemhaus am Kanal", "alarm@fluss.example"]);
});

story("a customer is erased only by its exact name, and the page tells how far it is", async () => {
  const customer = stage.double.world.customers[1]!;
  const { page } = await stage.open(`/customers/${customer.customerId}`);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /^Alles mitnehmen/ }).click()]);
  expect(new URL(download.url()).pathname).toBe(`/api/v1/customers/${customer.customerId}/export`);
  expect(asked).toContain("/api/v1/sessions/step-up/check");
  await page.getByRole("button", { name: /^Kunden löschen/ }).click();
  const erase = page.getByRole("dialog").getByRole("button", { name: "Endgültig löschen" });
  const confirmation = page.getByLabel(/^Tippen Sie/);
  await confirmation.fill(customer.name.slice(1));
  await shows(() => erase.isDisabled(), true);
  await confirmation.fill(customer.name);
  await erase.click();
  await page.getByText("Wird gelöscht: 30").waitFor();
});

story("a site gets a time zone of its own and gives it back", async () => {
  const { world } = stage.double;
  const customer = world.customers[0]!;
  const site = world.sites.find(({ customerId }) => customerId === customer.customerId)!;
  const { page } = await stage.open(`/customers/${customer.customerId}`);
  const edit = page.getByRole("button", { name: `${site.name} ändern` });
  const choose = async (zone: RegExp | string) => {
    await edit.click();
    await page.getByRole("dialog").getByLabel("Zeitzone").first().click();
    await page.getByRole("option", { name: zone }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Speichern" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  };
  await choose("Africa/Accra");
  await page.getByRole("row").filter({ hasText: site.name }).getByText("Africa/Accra").waitFor();
  expect(site.timeZone).toBe("Africa/Accra");
  await choose(/^Wie der Kunde/);
  expect(site.timeZone).toBe(null);
});

story("what the server has to say stands in the head", async () => {
  const { page } = await stage.open("/devices");
  await page.getByRole("status").getByText("Hauswart wurde noch nie gesichert").waitFor();
});

story("a command that names the server as localhost is said to work nowhere else", async () => {
  const customer = stage.double.world.customers[0]!;
  const { page } = await stage.open("/");
  const make = async () => {
    await page.goto(`${stage.base}/?enrol=1&customer=${customer.customerId}`);
    await page.getByRole("combobox", { name: "Standort" }).click();
    await page.getByRole("option").first().click();
    await page.getByRole("button", { name: "Token erzeugen" }).click();
    await page.getByRole("button", { name: "Kopieren" }).first().waitFor();
    return page.getByRole("note").filter({ hasText: "HAUSWART_URL" }).count();
  };
  expect(await make()).toBe(0);
  await page.route("**/api/v1/enrolment-tokens", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replaceAll("https://hauswart.example", "http://localhost:8080") });
  });
  expect(await make()).toBe(1);
});
