/** A reader who may only read is not offered what the server would refuse. The same walk as owner shows that there is something to offer. */
import { testNeeding, whyNoBrowser } from "@hauswart/testkit/needs.ts";
import type { Role } from "@hauswart/protocol/roles.ts";
import { afterAll, beforeAll, expect } from "bun:test";
import { doubleAccount } from "../dev/people.ts";
import { setStage, settle, type Stage } from "./stage.ts";

const missing = whyNoBrowser();
let stage: Stage;
beforeAll(async () => {
  if (!missing) stage = await setStage();
}, 120_000);
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

/** Those of the words above that stand on a button or link of some page. */
async function offered(role: Role): Promise<string[]> {
  const { world } = stage.double;
  const person = world.people.persons.find(({ account }) => account.email === doubleAccount.email)!;
  Object.assign(person.account, { role });
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
  const { page } = await stage.open("/");
  const words = new Set<string>();
  for (const path of paths) {
    await page.goto(stage.base + path);
    await page.locator("h1").first().waitFor();
    await settle(page);
    for (const text of await page
      .locator("main button, main a, header button, header a")
      .evaluateAll((found) => found.flatMap((one) => [one.textContent?.trim() ?? "", one.getAttribute("aria-label") ?? ""])))
      words.add(text);
  }
  await stage.closePages();
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
