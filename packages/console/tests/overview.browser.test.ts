/** What the overview says is what is known, of whom it says it. */
import { expect } from "bun:test";
import { hold } from "./hold.ts";
import { sharedStage, story } from "./shared-stage.ts";
import { shows } from "./shows.ts";

const stage = sharedStage();

story("what could not be asked is said to be unknown on the overview, and never looks like nothing to do", async () => {
  const { page } = await stage.open("/");
  const failing = ["contacts/due", "repair-orders", "rounds"];
  for (const path of failing)
    await page.route(new RegExp(`/api/v1/${path}(\\?|$)`), (call) =>
      call.fulfill({ status: 500, contentType: "application/problem+json", body: JSON.stringify({ code: "INTERNAL", status: 500 }) }),
    );
  await page.reload();
  for (const what of ["Kontakte", "Aufträge", "Rundgang jedes Arbeitstags"])
    await page
      .getByRole("alert")
      .filter({ hasText: `${what}: nicht bekannt.` })
      .waitFor();
  await page.unrouteAll();
  const contacts = page.getByRole("alert").filter({ hasText: "Kontakte: nicht bekannt." });
  await contacts.getByRole("button", { name: "Erneut versuchen" }).click();
  await page.getByRole("link", { name: /Kontakte fällig/ }).waitFor();
  await shows(() => contacts.count(), 0);
});

story("the overview is asked for while the console is still loading, and once", async () => {
  const { page } = await stage.open("/not-yet");
  const customerId = stage.double.world.customers[0]!.customerId;
  const release = await hold(page, /\/assets\/de-[^/]+\.js$/);
  const asked: string[] = [];
  page.on("request", (request) => request.url().includes("/api/v1/overview?") && asked.push(request.url()));
  const ahead = page.waitForRequest(/\/api\/v1\/overview\?/);
  const loaded = page.goto(`${stage.base}/?customer=${customerId}`);
  const first = (await ahead).url();
  expect(new URL(first).searchParams.get("customerId")).toBe(customerId);
  release();
  await loaded;
  await page.getByText(/^\d+ von \d+ Geräten gemessen/).waitFor();
  // The page asks the very same, so that it finds this answer.
  expect(new Set(asked)).toEqual(new Set([first]));
});

story("another customer's numbers never stand under the name of the chosen one", async () => {
  const { page } = await stage.open("/");
  const [one, other] = stage.double.world.customers;
  const measured = page.getByText(/^\d+ von \d+ Geräten gemessen/);
  await stage.reopen(page, `/?customer=${one!.customerId}`);
  await measured.waitFor();
  const release = await hold(page, /\/api\/v1\/overview\?/);
  await page.getByRole("combobox", { name: "Kunde" }).click();
  await page.getByRole("option", { name: other!.name, exact: true }).click();
  await page.waitForURL((url) => url.searchParams.get("customer") === other!.customerId);
  await page.getByText("Wird geladen …").first().waitFor();
  await shows(() => measured.count(), 0);
  release();
  await measured.waitFor();
});

story("numbers of the time before are greyed until those of the chosen time are there", async () => {
  const { page } = await stage.open("/noise");
  await page.getByRole("table").first().waitFor();
  const release = await hold(page, /\/api\/v1\/noise\?/);
  await page.getByRole("combobox", { name: "Zeitraum" }).click();
  await page.getByRole("option", { name: "letzte 13 Wochen" }).click();
  const greyed = page.locator("[data-stale][aria-busy]");
  await greyed.getByRole("table").first().waitFor();
  release();
  await greyed.waitFor({ state: "detached" });
});
