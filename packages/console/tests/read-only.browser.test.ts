/**
 * A reader who may only read, or who is restricted to some customers, is not offered what the server would refuse. The same walk as
 * owner shows that there is something to offer.
 */
import { testNeeding, whyNoBrowser } from "@hauswart/testkit/needs.ts";
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { afterAll, afterEach, beforeAll, expect } from "bun:test";
import { doubleAccount } from "../dev/people.ts";
import { setStage, settle, type Stage } from "./stage.ts";

const missing = whyNoBrowser();
let stage: Stage;
beforeAll(async () => {
  if (!missing) stage = await setStage();
}, 120_000);
afterEach(() => stage?.closePages());
afterAll(() => stage?.stop(), 30_000);

const changes = [
  "Gerät anmelden",
  "Jetzt messen",
  "Ändern",
  "Schlagwort hinzufügen",
  "Bestätigen",
  "Notiz anfügen",
  "Kunde anlegen",
  "Standort anlegen",
  "Empfänger eintragen",
  "Entfernen",
  "Erneut senden",
  "Webhook eintragen",
  "Richtlinie anlegen",
  "Löschen …",
  "Kunden löschen …",
];

type Account = NonNullable<ResponseOf<"getSession">["account"]>;

/** The reader who has signed in is of this kind until it is disposed of. */
function beReader(reader: Partial<Account>): Disposable {
  const { account } = stage.double.world.people.persons.find((person) => person.account.email === doubleAccount.email)!;
  const before = { ...account };
  Object.assign(account, reader);
  return { [Symbol.dispose]: () => Object.assign(account, before) };
}

/** What stands on the buttons and links of these pages, for a reader of this kind. */
async function wordsOn(paths: readonly string[], reader: Partial<Account>): Promise<ReadonlySet<string>> {
  using _ = beReader(reader);
  const { page } = await stage.open("/");
  const words = new Set<string>();
  for (const path of paths) {
    await page.goto(stage.base + path);
    await page.locator("h1").first().waitFor();
    await settle(page);
    for (const text of await page
      .locator("main button, main a, header button, header a, nav button, nav a")
      .evaluateAll((found) => found.flatMap((one) => [one.textContent?.trim() ?? "", one.getAttribute("aria-label") ?? ""])))
      words.add(text);
  }
  await stage.closePages();
  return words;
}

/** Those of the words above that stand on a button or link of some page. */
async function offered(role: Account["role"]): Promise<string[]> {
  const { world } = stage.double;
  const [device, policy] = [world.devices.find(({ device: one }) => one.openFindings.failure > 0)!.device, world.policies[0]!];
  const finding = world.findings.find(({ finding: one }) => one.state === "open")!.finding;
  const paths = [
    `/devices/${device.deviceId}`,
    `/findings?finding=${finding.findingId}`,
    "/customers",
    `/customers/${device.customerId}`,
    "/policies",
    `/policies/${policy.policyId}`,
    "/recipients",
    `/outbox?mail=${world.mails.find(({ state }) => state === "queued")!.mailId}`,
    "/webhooks",
  ];
  const words = await wordsOn(paths, { role });
  return changes.filter((word) => words.has(word));
}

testNeeding(missing)(
  "nothing that changes anything is offered to a reader",
  async () => {
    expect(await offered("owner")).toEqual(changes);
    expect(await offered("read-only")).toEqual([]);
  },
  120_000,
);

/** The world has no device until it is disposed of. */
function noDevices(): Disposable {
  const { devices } = stage.double.world;
  const taken = devices.splice(0);
  return { [Symbol.dispose]: () => void devices.push(...taken) };
}

/** What `/devices` and the dialog of `?enrol=1` say where there is no device yet. */
async function withoutDevices(reader: Partial<Account>): Promise<{ list: string; dialog: string }> {
  using _ = beReader(reader);
  using _empty = noDevices();
  const { page } = await stage.open("/devices");
  await settle(page);
  const list = await page.locator("main").innerText();
  await page.goto(`${stage.base}/?enrol=1`);
  await settle(page);
  const dialog = await page.getByRole("dialog").innerText();
  await stage.closePages();
  return { list, dialog };
}

testNeeding(missing)(
  "where there is no device yet, the next step is offered to whoever may take it, and others are told who can",
  async () => {
    const owner = await withoutDevices({});
    expect([owner.list, owner.dialog]).toEqual([expect.stringContaining("Gerät anmelden"), expect.stringContaining("Token erzeugen")]);
    const reader = await withoutDevices({ role: "read-only" });
    expect(reader.list).toContain("Ihre Rolle darf selbst keine anmelden");
    expect(reader.list).not.toContain("Gerät anmelden");
    expect(reader.dialog).toContain("aber keine anmelden");
    expect(reader.dialog).not.toContain("Token erzeugen");
    const nobodys = await withoutDevices({ role: "technician", reach: { mode: "include", customerIds: [] } });
    expect(nobodys.list).toContain("Ihnen ist noch kein Kunde zugeordnet");
    expect(nobodys.list).not.toContain("Gerät anmelden");
    expect(nobodys.dialog).not.toContain("Token erzeugen");
    expect(nobodys.dialog).toContain("ordnet Ihnen");
  },
  120_000,
);

/** What changes something that concerns the whole house, by the page that it stands on. */
function ofTheHouse(): Readonly<Record<string, readonly string[]>> {
  const house = stage.double.world.policies.find(({ customerId }) => customerId === null)!;
  return {
    "/customers": ["Kunde anlegen"],
    [`/policies/${house.policyId}`]: ["Löschen …"],
    "/settings": ["Speichern"],
    "/agents": ["Version hochladen", "Nächster Ring"],
    "/calendars": ["Kalender anlegen", "Liste anlegen", "Tag hinzufügen", "Servicezeit ändern"],
    "/on-call": ["Vertretung eintragen", "Bereitschaft anlegen", "Bereitschaft ändern"],
    "/noise": ["Budget ändern"],
  };
}

testNeeding(missing)(
  "what concerns the whole house is not offered to somebody who is restricted to some customers; what is within reach is",
  async () => {
    const [paths, house] = [Object.keys(ofTheHouse()), Object.values(ofTheHouse()).flat()];
    const { customerId } = stage.double.world.customers[0]!;
    const reach = { mode: "include" as const, customerIds: [customerId] };
    const unrestricted = await wordsOn(paths, {});
    expect(house.filter((word) => unrestricted.has(word))).toEqual(house);
    // Administrators are restricted to none; here the role leaves it to the reach alone.
    const restricted = await wordsOn(paths, { role: "administrator", reach });
    expect(house.filter((word) => restricted.has(word))).toEqual([]);
    const within = ["Gerät anmelden", "Ändern", "Standort anlegen", "Richtlinie anlegen", "Empfänger eintragen"];
    const own = await wordsOn([`/customers/${customerId}`, "/policies"], { role: "technician", reach });
    expect(within.filter((word) => own.has(word))).toEqual(within);
  },
  120_000,
);
