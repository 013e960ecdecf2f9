/** Every view of the console by name: its address, and what has to be done to see it. */
import type { Page } from "playwright-core";
import { declinedFinding } from "../dev/care.ts";
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

const findingRow = (page: Page) => page.locator("tbody [data-row-link]").first();

/** A key means a row, which has to be there, and what it asks in a dialog is looked at. */
async function askByKey(page: Page, key: string): Promise<void> {
  await findingRow(page).waitFor();
  await page.keyboard.press(key);
  await page.getByRole("dialog").waitFor();
}

/** Sets a threshold at which many devices would alarm, and waits until it is told. */
async function changeThreshold(page: Page): Promise<void> {
  await page
    .getByRole("textbox", { name: /^(Warnung unter|Warning below)/ })
    .first()
    .fill("90");
  await page.getByRole("button", { name: /^(Wirkung ansehen|Show the effect)$/ }).waitFor();
}

/**
 * The page behind a link in a mail, in the language that is looked at: such pages begin in the mail's.
 * @param button what is there to be pressed; left out where nothing is any more
 */
function byLink(name: string, path: string, token: (double: Double) => string, button?: RegExp): View {
  return {
    name,
    path: () => path,
    isPublic: true,
    act: async (page, double) => {
      const language = await page.locator("html").getAttribute("lang");
      const { origin } = new URL(page.url());
      await page.goto("about:blank");
      await page.goto(`${origin}${path}#token=${token(double)}`);
      await (button ? page.getByRole("button", { name: button }) : page.getByRole("status")).first().waitFor();
      await page.locator(`button[lang="${language}"]`).click();
    },
  };
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
  byLink("acknowledge-by-link", "/acknowledge", () => "double", /^(Jetzt übernehmen|Take them on now)$/),
  byLink("verdict-by-link", "/verdict", () => "double", /^(Rauschen|Noise)/),
  byLink("verdict-by-link-used", "/verdict", () => "used"),
  byLink("digest-by-link", "/digest", () => "double", /^(Abbestellen|Unsubscribe)$/),
  { name: "overview", path: () => "/" },
  { name: "findings-keys", path: () => "/findings", act: (page) => askByKey(page, "?") },
  {
    name: "findings-selected",
    path: () => "/findings",
    act: async (page) => {
      await findingRow(page).waitFor();
      for (const key of ["j", "x", "j", "j", "Shift+X"]) await page.keyboard.press(key);
      await page.getByText(/^3 (Befunde ausgewählt|findings selected)/).waitFor();
    },
  },
  { name: "finding-note", path: (double) => `/findings?finding=${openFinding(double)}`, act: (page) => askByKey(page, "n") },
  { name: "findings-changed", path: () => `/findings?state=all&changed=${new Date(Date.now() - 86_400_000).toISOString()}` },
  { name: "first-steps", path: () => "/first-steps" },
  { name: "overview-of-one-customer", path: (double) => `/?customer=${customer(double)}` },
  { name: "findings", path: () => "/findings" },
  { name: "findings-closed", path: () => "/findings?state=closed" },
  { name: "findings-none", path: () => "/findings?check=nothing" },
  { name: "finding-open", path: (double) => `/findings?finding=${openFinding(double)}` },
  { name: "finding-acknowledged", path: (double) => `/findings?finding=${acknowledgedFinding(double)}` },
  { name: "acknowledge", path: (double) => `/findings?finding=${openFinding(double)}`, act: (page) => askByKey(page, "a") },
  {
    name: "contact-add",
    path: (double) => `/findings?finding=${openFinding(double)}`,
    act: async (page) => {
      await askByKey(page, "c");
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
    name: "calendar",
    path: () => "/calendars",
    act: async (page) => {
      await page.getByRole("link", { name: "Servicezeit", exact: true }).click();
      await page.getByRole("grid").waitFor();
    },
  },
  {
    name: "calendar-month",
    path: () => "/calendars",
    act: async (page) => {
      await page.getByRole("link", { name: "Bayerische Kunden", exact: true }).click();
      await page.getByRole("checkbox", { name: /Ruhezeit$/ }).check();
      await page.getByRole("checkbox", { name: /Patches$/ }).check();
      await page.getByRole("button", { name: /^(Dez|Dec) 2026/ }).click();
      await page.getByRole("gridcell", { name: /Heiligabend/ }).click();
    },
  },
  {
    name: "calendar-own-day",
    path: () => "/calendars",
    act: async (page) => {
      await page.getByRole("link", { name: "Bayerische Kunden", exact: true }).click();
      await page.getByRole("button", { name: /^(Eigenen Tag eintragen|Enter own day)$/ }).click();
    },
  },
  {
    name: "holiday-list-delete",
    path: () => "/calendars",
    act: (page) => page.getByRole("button", { name: /^(Liste löschen|Delete list)$/ }).click(),
  },
  {
    name: "calendar-add",
    path: () => "/calendars",
    act: (page) => page.getByRole("button", { name: /^(Kalender anlegen|Add calendar)$/ }).click(),
  },
  {
    name: "holiday-list-add",
    path: () => "/calendars",
    act: (page) => page.getByRole("button", { name: /^(Liste anlegen|Add list)$/ }).click(),
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
  byLink("order", "/order", openFinding, /^(Verbindlich beauftragen|Place the order)$/),
  byLink("order-again", "/order", ({ world }) => declinedFinding(world)!.findingId, /^(Verbindlich beauftragen|Place the order)$/),
  byLink("drill", "/drill", customer, /^(Empfang bestätigen|Confirm receipt)$/),
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
  { name: "policy-add", path: () => "/policies?add=1" },
  { name: "policy", path: (double) => `/policies/${policy(double)}?check=disk-space` },
  { name: "policy-changed", path: (double) => `/policies/${policy(double)}?check=disk-space`, act: changeThreshold },
  { name: "policy-services", path: (double) => `/policies/${policy(double)}?check=services` },
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
    name: "noise-budget",
    path: () => "/noise",
    act: (page) => page.getByRole("button", { name: /^(Budget ändern|Change the budget)$/ }).click(),
  },
  {
    name: "noise-proposal",
    path: (double) => `/policies/${policy(double)}?check=disk-space&propose=1`,
    act: (page) => page.getByText(/^(Vorschlag eingesetzt|Filled in):/).waitFor(),
  },
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
  {
    name: "recipient-edit",
    path: ({ world }) => `/recipients?edit=${world.recipients.find(({ channel }) => channel === "ntfy")!.recipientId}`,
  },
  {
    name: "rota-edit",
    path: () => "/on-call",
    act: (page) => page.getByRole("button", { name: /^(Bereitschaft ändern|Edit Bereitschaft)$/ }).click(),
  },
  {
    name: "plan-edit",
    path: () => "/on-call",
    act: (page) => page.getByRole("button", { name: /^(Störungen ändern|Edit Störungen)$/ }).click(),
  },
  { name: "outbox", path: () => "/outbox" },
  { name: "mail", path: ({ world }) => `/outbox?mail=${world.mails[0]!.mailId}` },
  { name: "mail-returned", path: ({ world }) => `/outbox?mail=${world.mails[3]!.mailId}` },
  { name: "mail-text", path: ({ world }) => `/outbox?mail=${world.mails[4]!.mailId}&view=text` },
  { name: "api-keys", path: () => "/api-keys" },
  { name: "api-key-add", path: () => "/api-keys?add=1" },
  { name: "webhooks", path: ({ world }) => `/webhooks?webhook=${world.webhooks[0]!.webhookId}` },
  { name: "webhook-add", path: () => "/webhooks?add=1" },
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
  { name: "agent-upload", path: () => "/agents", act: (page) => page.getByRole("button", { name: /^(Version hochladen|Upload)/ }).click() },
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
