/** What a policy's editor tells before it is saved. */
import { describe, expect } from "bun:test";
import { hold } from "./hold.ts";
import { sharedStage, story } from "./shared-stage.ts";
import { settle } from "./stage.ts";
import { shows } from "./shows.ts";

const stage = sharedStage();

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
    await dialog.getByText("12 %").first().waitFor();
    await dialog
      .getByText(/aus: Grundschutz/)
      .first()
      .waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Speichern" }).click();
    await page.getByText("Gespeichert. Die Richtlinie gilt ab jetzt.").waitFor();
    expect(policyOf("Grundschutz").checks[0]!.settings).toMatchObject({ warningBelowPercent: 90 });
  });

  story("what is typed while the change is being saved stays, to be saved next", async () => {
    const { page } = await stage.open(`/policies/${policyOf("Server").policyId}?check=disk-space`);
    await settle(page);
    const release = await hold(page, "**/api/v1/policies/*", "PATCH");
    const name = page.getByRole("textbox", { name: "Name" });
    await page
      .getByRole("textbox", { name: /^Warnung unter/ })
      .first()
      .fill("17");
    const asked = page.waitForRequest((request) => request.method() === "PATCH");
    await page.getByRole("button", { name: "Speichern" }).click();
    await asked;
    await name.fill("Server im Keller");
    release();
    await page.getByText("Gespeichert. Die Richtlinie gilt ab jetzt.").waitFor();
    await page.getByText("1 Änderung,").waitFor();
    await shows(() => name.inputValue(), "Server im Keller");
    expect(policyOf("Server").checks.find(({ check }) => check === "disk-space")!.settings).toMatchObject({ warningBelowPercent: 17 });
    await page.getByRole("button", { name: "Verwerfen" }).click();
    await shows(() => name.inputValue(), "Server");
  });

  story("a change that touches nobody says so", async () => {
    const { page } = await stage.open(`/policies/${policyOf("Grundschutz").policyId}`);
    await settle(page);
    await page.getByRole("textbox", { name: "Name" }).fill("Grundschutz für alle");
    await page.getByText("An keinem Gerät ändert sich etwas.").waitFor();
    await shows(() => page.getByRole("button", { name: "Wirkung ansehen" }).count(), 0);
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

describe("a setting that is a table", () => {
  story("shows what holds again when changes are discarded", async () => {
    const { page } = await stage.open(`/policies/${policyOf("Server").policyId}?check=services`);
    await settle(page);
    const table = page.getByRole("group", { name: "Meldung einzelner Dienste", exact: true });
    await table.getByRole("button", { name: "Die Zeile nginx entfernen" }).click();
    await table.getByRole("button", { name: "Zeile hinzufügen" }).click();
    await shows(() => table.getByRole("group", { name: "nginx" }).count(), 0);
    await page.getByRole("button", { name: "Verwerfen" }).click();
    await table.getByRole("group", { name: "nginx" }).waitFor();
    await shows(() => table.getByRole("group").count(), 2);
  });

  story("is filled in line by line; a line without a name does not count, and what is left empty is as for all", async () => {
    const { page } = await stage.open(`/policies/${policyOf("Server").policyId}?check=services`);
    await settle(page);
    const table = page.getByRole("group", { name: "Meldung einzelner Dienste", exact: true });
    await table.getByRole("button", { name: "Zeile hinzufügen" }).click();
    const line = table.getByRole("group").nth(2);
    await line.getByRole("textbox", { name: "Zeit zum Starten (Minuten)" }).fill("20");
    await table.getByText("Ohne Namen zählt die Zeile nicht.").waitFor();
    await line.getByRole("textbox", { name: "Dienst" }).fill("MSSQL*");
    await table.getByRole("button", { name: "Die Zeile nginx entfernen" }).click();
    const first = table.getByRole("group", { name: "postgresql*" });
    await first.getByRole("textbox", { name: "Schlechte Messungen bis zum Befund" }).fill("");
    await page.getByRole("button", { name: "Speichern" }).click();
    await page.getByText("Gespeichert. Die Richtlinie gilt ab jetzt.").waitFor();
    expect(policyOf("Server").checks[0]!.settings["limitsOfServices"]).toEqual([
      { service: "postgresql*", startingMinutes: 15 },
      { service: "MSSQL*", startingMinutes: 20 },
    ]);
  });
});
