/**
 * A house with two customers, as a Systemhaus runs it: working time of Bavaria, people on call, who is told what. Every duty is
 * held by somebody who reads German and somebody who reads English, so that one night shows the mails in both.
 */
import type { Client } from "@hauswart/protocol/api/client.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import type { TestServer } from "@hauswart/testkit/server.ts";

export interface Place {
  readonly customerId: Id;
  readonly siteId: Id;
}

export interface Furnished {
  /** Its office is where the stories happen. */
  readonly first: Place;
  readonly second: Place;
}

export const timeZone = "Europe/Berlin";

/** Who reads what. Addresses tell the duty. */
export const readers: Readonly<Record<Language, readonly string[]>> = {
  de: [
    "technik@systemhaus.example",
    "bereitschaft@systemhaus.example",
    "inhaber@systemhaus.example",
    "leitung@tischlerei.example",
    "leitung@kanzlei.example",
  ],
  en: ["support@systemhaus.example", "on-call@systemhaus.example", "office@tischlerei.example", "office@kanzlei.example"],
};
const [team, firstOnCall, owner, ...contacts] = readers.de as [string, string, string, ...string[]];
const [englishTeam, secondOnCall, ...englishContacts] = readers.en as [string, string, ...string[]];

/** Sets the house up by its API, as its owner would. */
export async function furnish(server: TestServer): Promise<Furnished> {
  const { api, database, providerId } = server;
  await api("changeSettings", { body: { name: "Systemhaus am Fluss", language: "de", timeZone, mailFrom: "alarm@systemhaus.example" } });
  await keepBavarianHolidays(api);
  await database.unwalled("the owner of a story", (tx) =>
    tx.sql("update hauswart.account set email = $2, language = 'de' where provider_id = $1 and role = 'owner'", [providerId, owner]),
  );
  for (const [language, address] of [
    ["de", team],
    ["en", englishTeam],
  ] as const)
    await api("createRecipient", { body: { address, language, quiet: true, quietExcept: null } });
  await callSomebody(server);
  return {
    first: await takeCustomer(api, "Tischlerei am Park", "Werkstatt", [contacts[0]!, englishContacts[0]!]),
    second: await takeCustomer(api, "Steuerkanzlei Nord", "Kanzlei", [contacts[1]!, englishContacts[1]!]),
  };
}

async function keepBavarianHolidays(api: Client): Promise<void> {
  const { holidaySetId } = await api("createHolidaySet", { body: { name: "Bayern", source: "DE-BY" } });
  const { calendars } = await api("getCalendarsInForce", { query: {} });
  const service = calendars.find(({ purpose }) => purpose === "service")!;
  await api("changeCalendar", { params: { calendarId: service.calendarId }, body: { holidaySetId } });
}

/** Outside of the service hours failures call who is on call, after a quarter of an hour the second, and then the owner. */
async function callSomebody({ api, database, providerId }: TestServer): Promise<void> {
  const technician = async (email: string, name: string, language: Language) => {
    const accountId = newId();
    await database.unwalled("a technician of a story", (tx) =>
      tx.sql(
        "insert into hauswart.account (provider_id, account_id, email, name, role, language, password_hash) values ($1, $2, $3, $4, 'technician', $5, 'x')",
        [providerId, accountId, email, name, language],
      ),
    );
    return accountId;
  };
  const layer = async (name: string, email: string, language: Language) => ({
    name,
    hours: "always" as const,
    startsOn: "2027-01-04",
    handover: { weekday: 1, time: "09:00" },
    everyWeeks: 1,
    accountIds: [await technician(email, name, language)],
  });
  const layers = [await layer("Bereitschaft", firstOnCall, "de"), await layer("Second on call", secondOnCall, "en")];
  const { rotaId } = await api("createRota", { body: { name: "Bereitschaft", timeZone, layers } });
  await api("createEscalationPlan", {
    body: {
      customerId: null,
      name: "Störungen außerhalb der Servicezeit",
      fromSeverity: "failure",
      topics: null,
      hours: "outside-service",
      steps: [
        { afterMinutes: 0, to: { kind: "rota", rotaId, layer: 0 } },
        { afterMinutes: 15, to: { kind: "rota", rotaId, layer: 1 } },
        { afterMinutes: 30, to: { kind: "owners" } },
      ],
      repeats: 0,
    },
  });
}

/** Its contacts are told of failures, and get the report of every day. */
async function takeCustomer(api: Client, name: string, siteName: string, [german, english]: readonly [string, string]): Promise<Place> {
  const { customerId } = await api("createCustomer", { body: { name, language: "de" } });
  const { siteId } = await api("createSite", { body: { customerId, name: siteName } });
  const recipients = [
    { address: german, language: "de" },
    { address: english, language: "en" },
  ] as const;
  for (const recipient of recipients) await api("createRecipient", { body: { customerId, ...recipient, fromSeverity: "failure" } });
  const dailyMail = { at: "07:30", recipients: [...recipients] };
  await api("changeCustomerTerms", { params: { customerId }, body: { repair: { kind: "included" }, dailyMail } });
  return { customerId, siteId };
}
