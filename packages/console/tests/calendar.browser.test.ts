/** The month view of a calendar in the browser: by keyboard and by click. */
import { expect } from "bun:test";
import { sharedStage, story } from "./shared-stage.ts";
import { shows } from "./shows.ts";

const stage = sharedStage();

const calendarId = async (name: string): Promise<string> => {
  const { page } = await stage.open("/calendars");
  const href = await page.getByRole("link", { name, exact: true }).getAttribute("href");
  return href!.split("/").at(-1)!.split("?")[0]!;
};

story("SVC-1 days are walked by keyboard over the month's end, and an own day is entered and taken out", async () => {
  const { page } = await stage.open(`/calendars/${await calendarId("Servicezeit")}?day=2026-11-30`);
  const focused = () => page.evaluate(() => document.activeElement?.querySelector(".visually-hidden")?.textContent);
  const grid = page.getByRole("grid");
  await grid.getByRole("gridcell", { name: /^Montag, 30\. November 2026/ }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("grid", { name: "Dezember 2026" }).waitFor();
  await grid.locator('[data-day="2026-12-01"][aria-selected="true"]:focus').waitFor();
  await shows(focused, "Dienstag, 1. Dezember 2026: Offen, 09:00–18:00");
  // Quicker than the page can be drawn.
  await page.evaluate(() => {
    for (const key of ["PageDown", "PageUp", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"])
      document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  });
  await grid.locator('[data-day="2026-12-24"][aria-selected="true"]:focus').waitFor();
  await shows(focused, "Donnerstag, 24. Dezember 2026: Offen, 09:00–18:00");
  expect(new URL(page.url()).searchParams.get("day")).toBe("2026-12-24");

  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Bezeichnung" }).fill("Heiligabend");
  await page.getByRole("textbox", { name: /^Zeiten \(leer/ }).fill("9-12");
  await page.getByRole("dialog").getByRole("button", { name: "Tag hinzufügen" }).click();
  const day = grid.getByRole("gridcell", { name: /^Donnerstag, 24\. Dezember 2026/ });
  await grid.getByRole("gridcell", { name: /Eigene Zeiten, Heiligabend, 09:00–12:00, eigener/ }).waitFor();
  await page.getByRole("region", { name: "Donnerstag, 24. Dezember 2026" }).getByText("3 Stunden").waitFor();
  await page.getByRole("button", { name: "Herausnehmen" }).click();
  await page.getByRole("button", { name: "Eigenen Tag eintragen" }).waitFor();
  await shows(() => day.locator(".visually-hidden").innerText(), "Donnerstag, 24. Dezember 2026: Offen, 09:00–18:00");
});

story("SVC-3 SVC-4 the due time of a promise is told with the hours that count and the days that do not", async () => {
  const { page } = await stage.open(`/calendars/${await calendarId("Servicezeit")}?day=2026-04-02`);
  const asked = page.waitForRequest((request) => (request.postData() ?? "").includes("2026-04-02T17:00"));
  await page.getByLabel("Störung gemeldet am").fill("2026-04-02T17:00");
  await page.getByText("07.04.2026, 12:00").waitFor();
  // Of the calendar only what is reckoned with: another name is not another question.
  const { calendar } = (await asked).postDataJSON() as { calendar: object };
  expect(Object.keys(calendar).sort()).toEqual(["halfDaysWork", "holidaySetId", "hours", "workingDays"]);
  const table = page.getByRole("table", { name: "Gezählte Zeiten" });
  await shows(
    () => table.locator("tbody tr").allInnerTexts(),
    [
      "Do., 02.04.\t17:00–18:00\t1 Std.",
      "Fr., 03.04.\tzählt nicht: Karfreitag\t",
      "Sa., 04.04.\tgeschlossen\t",
      "So., 05.04.\tgeschlossen\t",
      "Mo., 06.04.\tzählt nicht: Ostermontag\t",
      "Di., 07.04.\t09:00–12:00\t4 Std.",
    ],
  );
  await page.getByRole("button", { name: "24 Std." }).click();
  await page.getByText("09.04.2026, 14:00").waitFor();
});

story("SVC-1 a list of holidays is renamed, and one that a calendar has is not deleted and says whose it is", async () => {
  const { page } = await stage.open("/calendars");
  await page.getByRole("button", { name: "Umbenennen" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Bayern, Brückentage");
  await page.getByRole("button", { name: "Speichern" }).click();
  await page.getByRole("cell", { name: "Bayern, Brückentage" }).waitFor();
  await page.getByRole("button", { name: "Liste löschen" }).click();
  const dialog = page.getByRole("dialog", { name: "Bayern, Brückentage löschen?" });
  await dialog.getByRole("button", { name: "Liste löschen" }).click();
  await dialog.getByRole("alert").getByText("Verwendet von: Bayerische Kunden").waitFor();
  await dialog.getByText("IN_USE").waitFor();
});

story("AV-3 a service calendar without any working day warns before it is saved and where it holds", async () => {
  const { page } = await stage.open("/calendars");
  const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: "Servicezeit", exact: true }) });
  const toggle = async () => {
    await page.getByRole("button", { name: "Servicezeit ändern" }).click();
    for (const day of ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"])
      await page.getByRole("checkbox", { name: `Arbeitstag: ${day}` }).click();
  };
  await toggle();
  await page.getByRole("status").getByText("taugt der Kalender nicht für den Service").waitFor();
  await page.getByRole("button", { name: "Speichern" }).click();
  await row.getByText("kein Arbeitstag").waitFor();
  await toggle();
  await shows(() => page.getByText("taugt der Kalender nicht für den Service").count(), 0);
  await page.getByRole("button", { name: "Speichern" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await shows(() => row.getByText("kein Arbeitstag").count(), 0);
});
