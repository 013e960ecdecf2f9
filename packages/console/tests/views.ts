/** Every view of the console by name: its address, and what has to be done to see it. */
import type { Page } from "playwright-core";
import type { Double } from "../dev/double.ts";
import { houseViews } from "./house-views.ts";
import { peopleViews } from "./people-views.ts";

export interface View {
  readonly name: string;
  readonly path: (double: Double) => string;
  readonly act?: (page: Page, double: Double) => Promise<unknown>;
  /** Only reachable without having signed in. */
  readonly isPublic?: boolean;
}

/** A device with something to see: a failure, and several volumes. */
export function brokenDevice({ world }: Double): string {
  return world.devices.find(
    ({ device }) => device.openFindings.failure > 0 && device.role === "server" && device.presence.state === "present",
  )!.device.deviceId;
}

export const openFinding = ({ world }: Double): string =>
  world.findings.find(({ finding }) => finding.state === "open" && finding.check === "disk-space")!.finding.findingId;
const acknowledgedFinding = ({ world }: Double): string =>
  world.findings.find(({ finding }) => finding.state === "acknowledged")!.finding.findingId;
const policy = ({ world }: Double): string => world.policies.find(({ name }) => name === "Server")!.policyId;
const customer = ({ world }: Double): string => world.customers[0]!.customerId;

/** Sets a threshold at which many devices would alarm, and waits until it is told. */
async function changeThreshold(page: Page): Promise<void> {
  await page
    .getByRole("textbox", { name: /^(Warnung unter|Warning below)/ })
    .first()
    .fill("90");
  await page.getByRole("button", { name: /^(Wirkung ansehen|Show the effect)$/ }).waitFor();
}

export const views: readonly View[] = [
  { name: "sign-in", path: () => "/sign-in", isPublic: true },
  { name: "on-call", path: () => "/on-call" },
  {
    name: "on-call-set-up",
    path: () => "/on-call",
    act: (page) => page.getByRole("button", { name: /^(Bereitschaft anlegen|Set up on call)$/ }).click(),
  },
  {
    name: "on-call-stand-in",
    path: () => "/on-call",
    act: (page) => page.getByRole("button", { name: /^(Vertretung eintragen|Enter a stand-in)$/ }).click(),
  },
  { name: "acknowledge-by-link", path: () => "/acknowledge#token=double", isPublic: true },
  { name: "digest-by-link", path: () => "/digest#token=double", isPublic: true },
  { name: "overview", path: () => "/" },
  { name: "findings-keys", path: () => "/findings", act: (page) => page.keyboard.press("?") },
  {
    name: "findings-selected",
    path: () => "/findings",
    act: async (page) => {
      for (const key of ["j", "x", "j", "j", "Shift+X"]) await page.keyboard.press(key);
    },
  },
  { name: "finding-note", path: (double) => `/findings?finding=${openFinding(double)}`, act: (page) => page.keyboard.press("n") },
  { name: "findings-changed", path: () => `/findings?state=all&changed=${new Date(Date.now() - 86_400_000).toISOString()}` },
  { name: "first-steps", path: () => "/first-steps" },
  { name: "overview-of-one-customer", path: (double) => `/?customer=${customer(double)}` },
  { name: "findings", path: () => "/findings" },
  { name: "findings-closed", path: () => "/findings?state=closed" },
  { name: "findings-none", path: () => "/findings?check=nothing" },
  { name: "finding-open", path: (double) => `/findings?finding=${openFinding(double)}` },
  { name: "finding-acknowledged", path: (double) => `/findings?finding=${acknowledgedFinding(double)}` },
  { name: "acknowledge", path: (double) => `/findings?finding=${openFinding(double)}`, act: (page) => page.keyboard.press("a") },
  {
    name: "contact-add",
    path: (double) => `/findings?finding=${openFinding(double)}`,
    act: async (page) => {
      await page.locator("tbody [data-row-link]").first().waitFor();
      await page.keyboard.press("c");
      await page.getByRole("textbox", { name: /^(Nächster Schritt|Next step)/ }).fill("Angebot");
    },
  },
  { name: "calendars", path: () => "/calendars" },
  {
    name: "calendar-edit",
    path: () => "/calendars",
    act: (page) => page.getByRole("button", { name: /^(Servicezeit ändern|Change Servicezeit)$/ }).click(),
  },
  {
    name: "holiday-add",
    path: () => "/calendars",
    act: (page) => page.getByRole("button", { name: /^(Tag hinzufügen|Add day)$/ }).click(),
  },
  { name: "rounds", path: () => "/rounds/antivirus-status" },
  { name: "contacts", path: () => "/contacts" },
  {
    name: "orders",
    path: () => "/orders",
    act: (page) =>
      page
        .getByRole("link", { name: /^Festplatte C:/ })
        .first()
        .click(),
  },
  {
    name: "order-accept",
    path: () => "/orders",
    act: async (page) => {
      await page
        .getByRole("link", { name: /^Festplatte C:/ })
        .first()
        .click();
      await page.getByRole("button", { name: /^(Annehmen|Accept)$/ }).click();
    },
  },
  {
    name: "order",
    path: () => "/order",
    isPublic: true,
    act: async (page, double) => {
      const { origin } = new URL(page.url());
      await page.goto("about:blank");
      await page.goto(`${origin}/order#token=${openFinding(double)}`);
      await page.getByRole("button", { name: /^(Verbindlich beauftragen|Place the order)$/ }).waitFor();
    },
  },
  {
    name: "drill",
    path: () => "/drill",
    isPublic: true,
    act: async (page, double) => {
      const { origin } = new URL(page.url());
      await page.goto("about:blank");
      await page.goto(`${origin}/drill#token=${customer(double)}`);
      await page.getByRole("button", { name: /^(Empfang bestätigen|Confirm receipt)$/ }).waitFor();
    },
  },
  { name: "drill-without-token", path: () => "/drill", isPublic: true },
  {
    name: "drill-start",
    path: (double) => `/customers/${customer(double)}`,
    act: (page) => page.getByRole("button", { name: /^(Jetzt üben|Drill now)$/ }).click(),
  },
  { name: "order-without-token", path: () => "/order", isPublic: true },
  {
    name: "customer-promises",
    path: (double) => `/customers/${customer(double)}`,
    act: async (page) => {
      await page
        .getByRole("region", { name: /^(Zusagen|Promises)/ })
        .or(page.locator("section", { hasText: /^(Zusagen bei Alarmen|Promises about alarms)/ }))
        .getByRole("button", { name: /^(Ändern|Change)$/ })
        .click();
    },
  },
  { name: "devices", path: () => "/devices" },
  { name: "devices-unknown", path: () => "/devices?state=unknown" },
  { name: "devices-none", path: () => "/devices?search=nothing-like-this" },
  { name: "device", path: (double) => `/devices/${brokenDevice(double)}` },
  {
    name: "device-check",
    path: (double) => `/devices/${brokenDevice(double)}`,
    act: async (page) => {
      await page.getByRole("button", { name: /^(Speicherplatz|Disk space)$/ }).click();
      await page.locator("canvas").first().waitFor();
    },
  },
  { name: "device-check-7d", path: (double) => `/devices/${brokenDevice(double)}?check=0&range=7d` },
  {
    name: "device-shut-down",
    path: ({ world }) => `/devices/${world.devices.find(({ device }) => device.presence.state === "shut-down")!.device.deviceId}`,
  },
  {
    name: "device-edit",
    path: (double) => `/devices/${brokenDevice(double)}`,
    act: (page) => page.getByRole("button", { name: /^(Ändern|Change)$/ }).click(),
  },
  {
    name: "device-revoked",
    path: ({ world }) => `/devices/${world.devices.find(({ device }) => device.lifecycle === "revoked")!.device.deviceId}`,
  },
  { name: "customers", path: () => "/customers" },
  { name: "customer", path: (double) => `/customers/${customer(double)}` },
  { name: "customer-add", path: () => "/customers?add=1" },
  { name: "enrol", path: (double) => `/?enrol=1&customer=${customer(double)}` },
  {
    name: "enrol-token",
    path: (double) => `/?enrol=1&customer=${customer(double)}`,
    act: async (page) => {
      await page.getByRole("combobox", { name: /^(Standort|Site)$/ }).click();
      await page.getByRole("option").first().click();
      await page.getByRole("button", { name: /^(Token erzeugen|Make a token)$/ }).click();
      await page
        .getByRole("button", { name: /^(Kopieren|Copy)/ })
        .first()
        .waitFor();
    },
  },
  {
    name: "enrol-website",
    path: (double) => `/?enrol=1&customer=${customer(double)}`,
    act: async (page) => {
      const dialog = page.getByRole("dialog");
      await dialog
        .getByText(/^Website/)
        .first()
        .click();
      await dialog.getByRole("textbox").first().waitFor();
    },
  },
  { name: "policies", path: () => "/policies" },
  { name: "policy", path: (double) => `/policies/${policy(double)}?check=disk-space` },
  { name: "policy-changed", path: (double) => `/policies/${policy(double)}?check=disk-space`, act: changeThreshold },
  {
    name: "policy-effect",
    path: (double) => `/policies/${policy(double)}?check=disk-space`,
    act: async (page) => {
      await changeThreshold(page);
      await page.getByRole("button", { name: /^(Wirkung ansehen|Show the effect)$/ }).click();
    },
  },
  { name: "noise", path: () => "/noise" },
  {
    name: "policy-replay",
    path: (double) => `/policies/${policy(double)}?check=disk-space`,
    act: async (page) => {
      await page.getByRole("button", { name: /^(Ausprobieren|Try it)$/ }).click();
      await page
        .getByRole("button", { name: /^(Verlauf von|Values of)/ })
        .first()
        .click();
      await page.locator("canvas").first().waitFor();
    },
  },
  {
    name: "policy-secret",
    path: (double) => `/policies/${policy(double)}?check=snmp`,
    act: async (page) => {
      await page.getByLabel(/^(Name des Ziels|Name of the target)/).fill("Drucker Empfang");
      await page.getByRole("button", { name: /^(Aufnehmen|Take in)$/ }).click();
    },
  },
  { name: "recipients", path: () => "/recipients" },
  { name: "recipient-add", path: () => "/recipients?add=1" },
  { name: "outbox", path: () => "/outbox" },
  { name: "mail", path: ({ world }) => `/outbox?mail=${world.mails[0]!.mailId}` },
  { name: "mail-text", path: ({ world }) => `/outbox?mail=${world.mails[4]!.mailId}&view=text` },
  { name: "api-keys", path: () => "/api-keys" },
  { name: "api-key-add", path: () => "/api-keys?add=1" },
  { name: "webhooks", path: ({ world }) => `/webhooks?webhook=${world.webhooks[0]!.webhookId}` },
  { name: "audit", path: ({ world }) => `/audit?entry=${world.audit[1]!.auditEntryId}` },
  {
    name: "audit-verified",
    path: () => "/audit?kind=agent",
    act: (page) => page.getByRole("button", { name: /^(Siegel prüfen|Verify the seals)$/ }).click(),
  },
  { name: "audit-none", path: () => "/audit?search=nothing-like-this" },
  {
    name: "view-add",
    path: () => "/findings?severity=failure&saved=none",
    act: async (page) => {
      await page.getByRole("button", { name: /^(Ansichten|Views)$/ }).click();
      await page.getByRole("menuitem", { name: /^(Als neue Ansicht|Save as a new)/ }).click();
    },
  },
  { name: "maintenance", path: () => "/maintenance" },
  {
    name: "maintenance-plan",
    path: () => "/maintenance",
    act: async (page) => {
      await page.getByRole("button", { name: /^(Wartung planen|Plan maintenance)$/ }).click();
      await page.getByRole("dialog").getByRole("textbox").first().waitFor();
    },
  },
  { name: "device-in-maintenance", path: ({ world }) => `/devices/${world.devices[2]!.device.deviceId}` },
  { name: "findings-held", path: () => "/findings?hold=maintenance&state=all" },
  { name: "agents", path: () => "/agents" },
  { name: "settings", path: () => "/settings" },
  {
    name: "palette",
    path: () => "/",
    act: (page) => page.keyboard.press("Control+k").then(() => page.getByPlaceholder(/…$/).last().fill("srv")),
  },
  ...peopleViews,
  ...houseViews,
  { name: "not-found", path: () => "/nowhere" },
];
