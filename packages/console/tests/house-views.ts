/** Views of keeping house: how long things are kept, sites, customers and devices that go. */
import type { Page } from "playwright-core";
import type { Double } from "../dev/double.ts";
import type { View } from "./views.ts";

const customerPath = ({ world }: Double) => `/customers/${world.customers[0]!.customerId}`;
const press = (page: Page, name: RegExp) => page.getByRole("button", { name }).first().click();

/** Keeps mails for a week and sends the form. */
export async function shortenMails(page: Page): Promise<void> {
  await page.getByLabel("Mails", { exact: true }).fill("7");
  await press(page, /^(Speichern|Save)$/);
  await page.getByRole("dialog").getByRole("listitem").waitFor();
}

export const houseViews: readonly View[] = [
  { name: "settings-shorten", path: () => "/settings", act: shortenMails },
  { name: "site-edit", path: customerPath, act: (page) => press(page, / (ändern|change)$|^(Change) /) },
  { name: "customer-erase", path: customerPath, act: (page) => press(page, /^(Kunden löschen|Erase customer)/) },
  {
    name: "device-remove",
    path: ({ world }) => `/devices/${world.devices.find(({ device }) => device.lifecycle === "active")!.device.deviceId}`,
    act: async (page) => {
      await press(page, /^(Mehr|More)/);
      await page.getByRole("menuitem", { name: /^(Gerät entfernen|Remove device)/ }).click();
    },
  },
];
