/** What was set up about alarms is changed in the browser: recipients, rotas, escalation, maintenance. */
import { expect } from "bun:test";
import { hold } from "./hold.ts";
import { sharedStage, story } from "./shared-stage.ts";
import { shows } from "./shows.ts";

const stage = sharedStage();

story("SVC-12 a recipient gets another address, topic and language, and stays the same one", async () => {
  const { world } = stage.double;
  const before = { ...world.recipients.find(({ address }) => address === "it@muster.example")! };
  const { page } = await stage.open("/recipients");
  await page.getByRole("link", { name: "it@muster.example" }).click();
  const dialog = page.getByRole("dialog", { name: "it@muster.example ändern" });
  const save = dialog.getByRole("button", { name: "Speichern" });
  await shows(() => save.isDisabled(), true);
  await dialog.getByLabel("E-Mail-Adresse").fill("edv@muster.example");
  await dialog.getByRole("combobox", { name: "Themen" }).or(dialog.getByLabel("Themen")).first().click();
  await page.getByRole("option", { name: "Datensicherung" }).click();
  await page.keyboard.press("Escape");
  await save.click();
  await page.getByText("Gespeichert: edv@muster.example.").waitFor();
  await page.getByRole("row").filter({ hasText: "edv@muster.example" }).getByText("Datensicherung").waitFor();
  const after = world.recipients.find(({ recipientId }) => recipientId === before.recipientId)!;
  expect(after).toMatchObject({ address: "edv@muster.example", topics: ["backup"], quiet: before.quiet, revision: before.revision + 1 });
});

story("two edit a recipient at once: what the other saved comes in, and what both changed is named", async () => {
  const { world } = stage.double;
  const recipient = world.recipients.find(({ address }) => address === "leitstelle@systemhaus.example")!;
  const { page } = await stage.open(`/recipients?edit=${recipient.recipientId}`);
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("E-Mail-Adresse").fill("nacht@systemhaus.example");
  const other = (await stage.open(`/recipients?edit=${recipient.recipientId}`)).page;
  await other.getByRole("dialog").getByLabel("E-Mail-Adresse").fill("tag@systemhaus.example");
  await other.getByRole("switch", { name: /^Ruhezeit einhalten/ }).check();
  await other.getByRole("dialog").getByRole("button", { name: "Speichern" }).click();
  await other.getByText("Gespeichert: tag@systemhaus.example.").waitFor();

  // Whoever types on while the answer is under way loses nothing.
  const release = await hold(page, `**/recipients/${recipient.recipientId}`, "GET");
  const latest = page.waitForRequest((request) => request.method() === "GET" && request.url().includes("/recipients/"));
  await dialog.getByLabel("E-Mail-Adresse").fill("abend@systemhaus.example");
  await dialog.getByRole("button", { name: "Speichern" }).click();
  await latest;
  await dialog.getByLabel("E-Mail-Adresse").fill("nacht@systemhaus.example");
  release();
  await dialog.getByText("Inzwischen hat jemand anderes gespeichert").waitFor();
  await dialog.getByText("Von beiden geändert: Adresse.").waitFor();
  expect(recipient).toMatchObject({ address: "tag@systemhaus.example", quiet: true });
  await shows(() => dialog.getByRole("switch", { name: /^Ruhezeit einhalten/ }).isChecked(), true);
  await shows(() => dialog.getByLabel("E-Mail-Adresse").inputValue(), "nacht@systemhaus.example");
  await dialog.getByRole("button", { name: "Speichern" }).click();
  await page.getByText("Gespeichert: nacht@systemhaus.example.").waitFor();
  expect(recipient).toMatchObject({ address: "nacht@systemhaus.example", quiet: true });
});

story("a rota gets one more person, and whoever has the turn keeps it; the plan waits less", async () => {
  const { page } = await stage.open("/on-call");
  await page.getByRole("button", { name: "Bereitschaft ändern" }).click();
  const dialog = page.getByRole("dialog", { name: "Bereitschaft ändern" });
  const first = dialog.getByRole("group", { name: "Stelle 1" });
  const turn = await first.getByRole("combobox", { name: "Jetzt an der Reihe" }).inputValue();
  await first.getByLabel("Name").fill("Telefon");
  await first
    .getByRole("textbox", { name: "um" })
    .or(first.getByLabel("um", { exact: true }))
    .first()
    .fill("09:00");
  const saved = page.waitForRequest((request) => request.method() === "PUT" && request.url().includes("/rotas/"));
  await dialog.getByRole("button", { name: "Speichern" }).click();
  const body = (await saved).postDataJSON() as {
    revision: number;
    layers: { name: string; accountIds: string[]; handover: { time: string } }[];
  };
  await page.getByText("Die Bereitschaft gilt ab sofort.").waitFor();
  expect(body).toMatchObject({ revision: 1, layers: [{ name: "Telefon", handover: { time: "09:00" } }, { name: "Hintergrund" }] });
  const { persons } = stage.double.world.people;
  expect(persons.find(({ account }) => account.accountId === body.layers[0]!.accountIds[0])!.account.name).toBe(turn);
  await page.getByText("Telefon").first().waitFor();

  await page.getByRole("button", { name: "Störungen ändern" }).click();
  const plan = page.getByRole("dialog", { name: "Störungen ändern" });
  await plan.getByLabel("+ Minuten").first().fill("5");
  await plan.getByRole("button", { name: "Stufe 3 entfernen" }).click();
  await plan.getByRole("button", { name: "Speichern" }).click();
  await page.getByText("Der Eskalationsplan gilt ab sofort.").waitFor();
  const row = page.getByRole("table", { name: "Eskalation" }).getByRole("row").filter({ hasText: "Störungen" });
  await row.getByText("nach weiteren 5 Minuten").waitFor();
  await shows(() => row.getByText("Inhaber").count(), 0);
});

story("a stand-in is entered and taken back", async () => {
  const { page } = await stage.open("/on-call");
  await page.getByRole("button", { name: "Vertretung eintragen" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Person" }).click();
  await page.getByRole("option").first().click();
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await dialog.getByLabel("Von").fill(`${tomorrow}T08:00`);
  await dialog.getByLabel("Bis").fill(`${tomorrow}T18:00`);
  await dialog.getByRole("button", { name: "Vertretung eintragen" }).click();
  await page.getByText("Die Vertretung ist eingetragen.").waitFor();
  const table = page.getByRole("table", { name: "Vertretungen" });
  await table.getByRole("button", { name: /^Vertretung von .* zurücknehmen$/ }).click();
  await page.getByText("Die Vertretung ist zurückgenommen.").waitFor();
  await table.waitFor({ state: "detached" });
});

story("a maintenance window gets another name, length and grace", async () => {
  const { page } = await stage.open("/maintenance");
  await page.getByRole("button", { name: "Patch-Nacht der Server ändern" }).click();
  const dialog = page.getByRole("dialog", { name: "Patch-Nacht der Server ändern" });
  await dialog.getByLabel("Was").or(dialog.getByRole("textbox").first()).first().fill("Patch-Nacht");
  await dialog.getByRole("combobox", { name: "Dauer" }).click();
  await page.getByRole("option", { name: "6 Stunden" }).click();
  const saved = page.waitForRequest((request) => request.method() === "PATCH");
  await dialog.getByRole("button", { name: "Speichern" }).click();
  await page.getByText("Gespeichert: Patch-Nacht.").waitFor();
  expect((await saved).postDataJSON()).toMatchObject({
    revision: 1,
    name: "Patch-Nacht",
    schedule: { minutes: 360, repeat: { kind: "monthly-weekday", nth: 2, weekday: 2 } },
  });
});

story("maintenance that is planned from another time zone begins by the house's clock, and says so", async () => {
  const { page } = await stage.open("/maintenance", { timezoneId: "America/New_York" });
  await page.getByRole("button", { name: "Wartung planen" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Wartung planen" });
  await dialog.getByText("Uhrzeit in Europe/Berlin").waitFor();
  const startsAt = await dialog.getByLabel("Beginn").inputValue();
  const awayMs = Temporal.PlainDateTime.from(startsAt).toZonedDateTime("Europe/Berlin").epochMilliseconds - Date.now();
  expect(awayMs).toBeLessThanOrEqual(3_600_000);
  expect(awayMs).toBeGreaterThan(-60_000);
  await dialog.getByLabel("Was wird gemacht?").fill("Umzug");
  await dialog.getByRole("combobox", { name: "Wofür?" }).click();
  await page.getByRole("option", { name: "Alles" }).click();
  const saved = page.waitForRequest((request) => request.method() === "POST" && request.url().includes("maintenance"));
  await dialog.getByRole("button", { name: "Wartung planen" }).click();
  expect((await saved).postDataJSON()).toMatchObject({
    when: { schedule: { startsAtLocal: startsAt, timeZone: "Europe/Berlin" } },
  });
});
