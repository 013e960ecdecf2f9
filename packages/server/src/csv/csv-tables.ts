/** The lists that can be had as CSV. Times are ISO 8601 in UTC, amounts are plain numbers. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import type { CsvColumn, CsvTable } from "./csv-table.ts";

type Words = Readonly<Record<string, { readonly de: string; readonly en: string }>>;

const states: Words = {
  ok: { de: "in Ordnung", en: "ok" },
  warning: { de: "Warnung", en: "warning" },
  failure: { de: "Störung", en: "failure" },
  unknown: { de: "unbekannt", en: "unknown" },
};
const findingStates: Words = {
  open: { de: "offen", en: "open" },
  acknowledged: { de: "bestätigt", en: "acknowledged" },
  closed: { de: "erledigt", en: "closed" },
};
const mailStates: Words = {
  queued: { de: "wartet", en: "waiting" },
  sent: { de: "gesendet", en: "sent" },
  refused: { de: "abgelehnt", en: "refused" },
  returned: { de: "unzustellbar", en: "bounced" },
  kept: { de: "aufbewahrt", en: "kept" },
};
const presences: Words = {
  present: { de: "verbunden", en: "connected" },
  "shut-down": { de: "ausgeschaltet", en: "shut down" },
  silent: { de: "schweigt", en: "silent" },
  "never-connected": { de: "noch nie verbunden", en: "never connected" },
  unknown: { de: "unbekannt", en: "unknown" },
};
const deviceRoles: Words = { workstation: { de: "Arbeitsplatz", en: "workstation" }, server: { de: "Server", en: "server" } };
const accountRoles: Words = {
  owner: { de: "Inhaber", en: "owner" },
  administrator: { de: "Administrator", en: "administrator" },
  technician: { de: "Techniker", en: "technician" },
  "read-only": { de: "nur lesen", en: "read-only" },
};
const orderStates: Words = {
  open: { de: "offen", en: "open" },
  accepted: { de: "angenommen", en: "accepted" },
  done: { de: "erledigt", en: "done" },
  declined: { de: "abgelehnt", en: "declined" },
};
const contactChannels: Words = {
  telephone: { de: "Telefon", en: "telephone" },
  mail: { de: "E-Mail", en: "e-mail" },
  "in-person": { de: "persönlich", en: "in person" },
  other: { de: "anders", en: "other" },
};
const yesNo: Words = { yes: { de: "ja", en: "yes" }, no: { de: "nein", en: "no" } };

/** A column; its value is put into words where there are some, and stays what it is where there are none. */
function column<Item>(de: string, en: string, value: CsvColumn<Item>["value"], words?: Words): CsvColumn<Item> {
  if (!words) return { de, en, value };
  return {
    de,
    en,
    value: (item, about) => {
      const plain = value(item, about);
      return words[String(plain)]?.[about.language] ?? plain;
    },
  };
}

const devices: CsvTable<ItemOf<"listDevices">> = {
  name: { de: "geraete", en: "devices" },
  columns: [
    column("Zustand", "State", ({ state }) => state, states),
    column("Name", "Name", ({ name }) => name),
    column("Rechnername", "Host name", ({ hostname }) => hostname),
    column("Kunde", "Customer", ({ customerName }) => customerName),
    column("Standort", "Site", ({ siteName }) => siteName),
    column("Störungen", "Failures", ({ openFindings }) => openFindings.failure),
    column("Warnungen", "Warnings", ({ openFindings }) => openFindings.warning),
    column("Unbekannte Prüfungen", "Unknown checks", ({ checks }) => checks.unknown),
    column("Verbindung", "Connection", ({ presence }) => presence.state, presences),
    column("Zuletzt gesehen", "Last seen", ({ presence }) => presence.lastSeenAt),
    column("Art", "Role", ({ role }) => role, deviceRoles),
    column("System", "System", ({ systemName }) => systemName),
    column("Schlagwörter", "Tags", ({ tags }) => tags.join(", ")),
    column("Agent", "Agent", ({ agentVersion }) => agentVersion),
    column("Gestartet", "Booted", ({ bootedAt }) => bootedAt),
    column("Angemeldet", "Enrolled", ({ enrolledAt }) => enrolledAt),
    column("Uhr geht vor (ms)", "Clock ahead (ms)", ({ clockOffsetMs }) => clockOffsetMs),
    column("Kennung", "Id", ({ deviceId }) => deviceId),
  ],
};

const findings: CsvTable<ItemOf<"listFindings">> = {
  name: { de: "befunde", en: "findings" },
  columns: [
    column("Schwere", "Severity", ({ severity }) => severity, states),
    column("Befund", "Finding", (finding, words) => words.findingTitle(finding)),
    column("Gerät", "Device", ({ deviceName }) => deviceName),
    column("Kunde", "Customer", ({ customerName }) => customerName),
    column("Standort", "Site", ({ siteName }) => siteName),
    column("Prüfung", "Check", ({ check }, words) => words.checkName(check)),
    column("Betrifft", "Subject", ({ subject }) => subject),
    column("Stand", "Status", ({ state }) => state, findingStates),
    column("Seit", "Since", ({ openedAt }) => openedAt),
    column("Geändert", "Changed", ({ changedAt }) => changedAt),
    column("Erledigt", "Closed", ({ closedAt }) => closedAt),
    column("Letzter Messwert", "Last evidence", ({ evidenceAt }) => evidenceAt),
    column("Bestätigt von", "Acknowledged by", ({ acknowledgement }) => acknowledgement?.by ?? null),
    column("Bestätigt am", "Acknowledged at", ({ acknowledgement }) => acknowledgement?.at ?? null),
    column("Notiz", "Note", ({ acknowledgement }) => acknowledgement?.note ?? null),
    column("Bestätigt bis", "Acknowledged until", ({ acknowledgement }) => acknowledgement?.until ?? null),
    column("Kennung", "Id", ({ findingId }) => findingId),
  ],
};

const customers: CsvTable<ItemOf<"listCustomers">> = {
  name: { de: "kunden", en: "customers" },
  columns: [
    column("Name", "Name", ({ name }) => name),
    column("Geräte", "Devices", ({ deviceCount }) => deviceCount),
    column("Störungen", "Failures", ({ openFindings }) => openFindings.failure),
    column("Warnungen", "Warnings", ({ openFindings }) => openFindings.warning),
    column("Sprache", "Language", ({ language }) => language),
    column("Zeitzone", "Time zone", ({ timeZone }) => timeZone),
    column("Angelegt", "Created", ({ createdAt }) => createdAt),
    column("Kennung", "Id", ({ customerId }) => customerId),
  ],
};

const wordsOf = (reports: ItemOf<"listOutbox">["reports"], wanted: "failed" | "delayed") =>
  reports
    .filter(({ action }) => action === wanted)
    .map(({ address, words }) => `${address}: ${words}`)
    .join(", ");

const outbox: CsvTable<ItemOf<"listOutbox">> = {
  name: { de: "postausgang", en: "outbox" },
  columns: [
    column("Stand", "State", ({ state }) => state, mailStates),
    column("Betreff", "Subject", ({ subject }) => subject),
    column("An", "To", ({ to }) => to.join(", ")),
    column("Kunde", "Customer", ({ customerId }, words) => words.customerName(customerId)),
    column("Versuche", "Attempts", ({ attempts }) => attempts),
    column("Abgelehnt", "Refused", ({ refusals }) => refusals.map(({ address, answer }) => `${address}: ${answer}`).join(", ")),
    column("Unzustellbar", "Bounced", ({ reports }) => wordsOf(reports, "failed")),
    column("Verzögert", "Delayed", ({ reports }) => wordsOf(reports, "delayed")),
    column("Letzter Fehler", "Last error", ({ lastError }) => lastError),
    column("Geschrieben", "Written", ({ createdAt }) => createdAt),
    column("Gesendet", "Sent", ({ sentAt }) => sentAt),
    column("Nächster Versuch", "Next attempt", ({ nextAttemptAt }) => nextAttemptAt),
    column("Message-ID", "Message-ID", ({ messageId }) => messageId),
    column("Kennung", "Id", ({ mailId }) => mailId),
  ],
};

const audit: CsvTable<ItemOf<"listAudit">> = {
  name: { de: "protokoll", en: "audit" },
  columns: [
    column("Zeit", "Time", ({ at }) => at),
    column("Was", "Action", ({ action }) => action),
    column("Wer", "Actor", ({ actor }) => actor.name),
    column("Art", "Kind of actor", ({ actor }) => actor.kind),
    column("Kennung des Handelnden", "Actor's id", ({ actor }) => actor.id),
    column("Kunde", "Customer", ({ customerId }, words) => words.customerName(customerId)),
    column("Art des Gegenstands", "Kind of subject", ({ subjectKind }) => subjectKind),
    column("Gegenstand", "Subject", ({ subjectId }) => subjectId),
    column("Einzelheiten", "Detail", ({ detail }) => JSON.stringify(detail)),
    column("Versiegelt", "Sealed", ({ sealed }) => (sealed ? "yes" : "no"), yesNo),
    column("Kennung", "Id", ({ auditEntryId }) => auditEntryId),
  ],
};

const accounts: CsvTable<ItemOf<"listAccounts">> = {
  name: { de: "benutzer", en: "users" },
  columns: [
    column("Name", "Name", ({ name }) => name),
    column("E-Mail", "E-mail", ({ email }) => email),
    column("Rolle", "Role", ({ role }) => role, accountRoles),
    column("Sprache", "Language", ({ language }) => language),
    column("Angelegt", "Created", ({ createdAt }) => createdAt),
    column("Zuletzt benutzt", "Last used", ({ lastUsedAt }) => lastUsedAt),
    column("Offene Sitzungen", "Open sessions", ({ openSessions }) => openSessions),
    column("Gesperrt seit", "Disabled since", ({ disabledAt }) => disabledAt),
    column("Kennung", "Id", ({ accountId }) => accountId),
  ],
};

const repairOrders: CsvTable<ItemOf<"listRepairOrders">> = {
  name: { de: "reparaturauftraege", en: "repair-orders" },
  columns: [
    column("Bestellt", "Ordered", ({ orderedAt }) => orderedAt),
    column("Stand", "State", ({ state }) => state, orderStates),
    column("Kunde", "Customer", ({ customerName }) => customerName),
    column("Standort", "Site", ({ siteName }) => siteName),
    column("Gerät", "Device", ({ deviceName }) => deviceName),
    column("Befund", "Finding", ({ title }) => title),
    column("Besteller", "Ordered by", ({ orderedBy }) => orderedBy),
    column("Rückfragen an", "Contact", ({ contact }) => contact),
    column("Nachricht", "Message", ({ note }) => note),
    column("Konditionen", "Terms", ({ terms }) => JSON.stringify(terms)),
    column("Netzadresse", "Network address", ({ address }) => address),
    column("Bearbeitet von", "Handled by", ({ stateBy }) => stateBy),
    column("Bearbeitet", "Handled", ({ stateAt }) => stateAt),
    column("Antwort", "Answer", ({ stateNote }) => stateNote),
    column("Kennung", "Id", ({ repairOrderId }) => repairOrderId),
  ],
};

const contacts: CsvTable<ItemOf<"listContacts">> = {
  name: { de: "kontakte", en: "contacts" },
  columns: [
    column("Zeit", "Time", ({ at }) => at),
    column("Kunde", "Customer", ({ customerName }) => customerName),
    column("Gerät", "Device", ({ deviceName }) => deviceName),
    column("Befund", "Finding", ({ title }) => title),
    column("Weg", "Channel", ({ channel }) => channel, contactChannels),
    column("Mit wem", "With whom", ({ partner }) => partner),
    column("Erreicht", "Reached", ({ reached }) => (reached ? "yes" : "no"), yesNo),
    column("Vereinbart", "Agreed", ({ agreed }) => agreed),
    column("Nächster Schritt", "Next step", ({ nextStep }) => nextStep),
    column("Fällig", "Due", ({ nextDueAt }) => nextDueAt),
    column("Erledigt", "Done", ({ nextDoneAt }) => nextDoneAt),
    column("Von", "By", ({ by }) => by),
    column("Kennung", "Id", ({ contactId }) => contactId),
  ],
};

const drillResults: Words = {
  running: { de: "läuft", en: "running" },
  done: { de: "bestätigt", en: "confirmed" },
  failed: { de: "gescheitert", en: "failed" },
};
const drillReasons: Words = {
  "not-measured": { de: "kein Messwert vom Gerät", en: "no sample from the device" },
  "not-mailed": { de: "keine Mail", en: "no mail" },
  "not-accepted": { de: "vom Mailserver nicht angenommen", en: "not taken by the mail server" },
  returned: { de: "Mail kam zurück", en: "mail came back" },
  "not-confirmed": { de: "nicht bestätigt", en: "not confirmed" },
};
const alarmDrills: CsvTable<ItemOf<"listAlarmDrills">> = {
  name: { de: "alarmuebungen", en: "alarm-drills" },
  columns: [
    column("Begonnen", "Started", ({ startedAt }) => startedAt),
    column("Ergebnis", "Result", ({ result }) => result ?? "running", drillResults),
    column("Grund", "Reason", ({ reason }) => reason, drillReasons),
    column("Kunde", "Customer", ({ customerName }) => customerName),
    column("Gerät", "Device", ({ deviceName }) => deviceName),
    column("Begonnen von", "Started by", ({ startedBy }) => startedBy),
    column("Gemessen", "Measured", ({ measuredAt }) => measuredAt),
    column("Befund", "Finding", ({ foundAt }) => foundAt),
    column("Mail geschrieben", "Mail written", ({ mailedAt }) => mailedAt),
    column("Vom Mailserver angenommen", "Taken by the mail server", ({ acceptedAt }) => acceptedAt),
    column("Empfang bestätigt", "Confirmed", ({ confirmedAt }) => confirmedAt),
    column("Bestätigt von", "Confirmed by", ({ confirmedBy }) => confirmedBy),
    column("Beendet", "Ended", ({ endedAt }) => endedAt),
    column("Kennung", "Id", ({ drillId }) => drillId),
  ],
};

const roundStates: Words = {
  waiting: { de: "wartet auf Antwort", en: "waiting for an answer" },
  done: { de: "geprüft", en: "checked" },
  "not-measurable": { de: "nicht messbar", en: "not measurable" },
};
const roundReasons: Words = {
  "server-down": { de: "Hauswart lief nicht", en: "Hauswart did not run" },
  "device-off": { de: "Gerät nicht verbunden", en: "device not connected" },
  "no-answer": { de: "keine Antwort des Agenten", en: "no answer of the agent" },
  "never-measured": { de: "noch nie gemessen", en: "never measured" },
  "no-data": { de: "keine Daten", en: "no data" },
  "collect-failed": { de: "Messung fehlgeschlagen", en: "measurement failed" },
  "not-judged": { de: "nicht beurteilt", en: "not judged" },
  "unknown-result": { de: "Ergebnis unbekannt", en: "result unknown" },
};

const rounds: CsvTable<ItemOf<"listRoundRecords">> = {
  name: { de: "rundgang", en: "round" },
  columns: [
    column("Tag", "Day", ({ day }) => day),
    column("Fällig", "Due", ({ dueAt }) => dueAt),
    column("Gerät", "Device", ({ deviceName }) => deviceName),
    column("Kunde", "Customer", ({ customerName }) => customerName),
    column("Standort", "Site", ({ siteName }) => siteName),
    column("Prüfung", "Check", ({ check }, words) => words.checkName(check)),
    column("Stand", "Status", ({ state }) => state, roundStates),
    column("Ergebnis", "Result", ({ result }) => result, states),
    column("Grund", "Reason", ({ reason }) => reason, roundReasons),
    column("Einzelheiten", "Detail", ({ detail }) => detail),
    column("Gemessen", "Measured", ({ evidenceAt }) => evidenceAt),
    column("Festgehalten", "Recorded", ({ recordedAt }) => recordedAt),
    column("Verspätet", "Late", ({ isLate }) => (isLate ? "yes" : "no"), yesNo),
    column("Werte", "Values", ({ subjects }) =>
      subjects
        .map(({ subject, evidence }) => [subject, ...Object.entries(evidence).map(([name, value]) => `${name}=${value}`)].join(" "))
        .join("; "),
    ),
  ],
};

/** By the route whose list it is. A route with a table says `csv: true`. */
export const csvTables = {
  listDevices: devices,
  listFindings: findings,
  listCustomers: customers,
  listOutbox: outbox,
  listAudit: audit,
  listAccounts: accounts,
  listRepairOrders: repairOrders,
  listContacts: contacts,
  listRoundRecords: rounds,
  listAlarmDrills: alarmDrills,
} as const;

export type CsvRouteName = keyof typeof csvTables;

export const hasCsv = (name: RouteName): name is CsvRouteName => Object.hasOwn(csvTables, name);
