import { addressFamilyTexts } from "@hauswart/protocol/address-family-texts.ts";
import type { Evidence } from "@hauswart/protocol/check.ts";
import { evidenceText } from "@hauswart/protocol/evidence.ts";
import type { Format } from "@hauswart/protocol/format.ts";
import { snmpAccessTexts } from "@hauswart/protocol/snmp-access-texts.ts";
import type { CheckMessageCatalogue, FindingText } from "@hauswart/protocol/messages.ts";
import type { snmp } from "./protocol.ts";

/** "printer (192.0.2.7)"; what the device calls itself goes before what it was asked by. */
function deviceIn(evidence: Evidence, format: Format): string {
  const read = evidenceText(evidence, format);
  const [name, target] = [read.text("deviceName"), read.text("target")];
  return name === "–" || name === target ? target : `${name} (${target})`;
}

/** The value, its rate when it is a counter, or what the device says. */
function valueIn(evidence: Evidence, format: Format): string {
  const read = evidenceText(evidence, format);
  if (read.value("perSecond") !== undefined) return `${read.number("value")} (${read.number("perSecond", 2)}/s)`;
  return read.value("value") === undefined ? read.text("text") : read.number("value", 2);
}

interface Words {
  readonly outcomes: Readonly<Record<string, string>>;
  readonly states: Readonly<Record<string, string>>;
  readonly problems: Readonly<Record<string, string>>;
  readonly left: (level: string) => string;
  readonly someLeft: string;
  readonly charge: (charge: string) => string;
  readonly onBattery: string;
  readonly noProblem: string;
  readonly answers: (device: string) => string;
}

const wordOf = (words: Readonly<Record<string, string>>, value: unknown) => (typeof value === "string" ? (words[value] ?? value) : "–");
const problemsIn = (words: Words, evidence: Evidence) =>
  String(evidence["printerProblems"] ?? "")
    .split(", ")
    .map((problem) => wordOf(words.problems, problem))
    .join(", ") || "–";

/** Which verdict the evidence belongs to shows in what it holds. */
const summary =
  (words: Words): FindingText =>
  ({ evidence, format }) => {
    const read = evidenceText(evidence, format);
    if (typeof evidence["oid"] === "string") return valueIn(evidence, format);
    if (typeof evidence["interfaceState"] === "string") return wordOf(words.states, evidence["interfaceState"]);
    if (typeof evidence["supplyState"] === "string")
      return read.value("levelPercent") === undefined
        ? wordOf({ "some-left": words.someLeft, unknown: "–" }, evidence["supplyState"])
        : words.left(read.percent("levelPercent"));
    if (typeof evidence["printerProblems"] === "string")
      return evidence["printerProblems"] === "" ? words.noProblem : problemsIn(words, evidence);
    if (typeof evidence["upsSource"] === "string")
      return `${words.charge(read.percent("upsChargePercent"))}${read.is("upsSource", "battery") ? `, ${words.onBattery}` : ""}`;
    if (read.is("outcome", "answered")) return words.answers(deviceIn(evidence, format));
    return wordOf(words.outcomes, evidence["outcome"]);
  };

const german: Words = {
  outcomes: {
    "no-answer": "antwortet nicht",
    refused: "lehnt die Anmeldung ab",
    broken: "antwortet unverständlich",
    "name-unknown": "Name unbekannt",
  },
  states: {
    up: "in Betrieb",
    down: "außer Betrieb",
    testing: "im Test",
    unknown: "unbekannt",
    dormant: "wartet",
    "not-present": "nicht vorhanden",
    "fits-none": "keinen solchen Anschluss gefunden",
    "lower-layer-down": "darunterliegende Schicht außer Betrieb",
  },
  problems: {
    "low-paper": "wenig Papier",
    "no-paper": "kein Papier",
    "low-toner": "wenig Toner",
    "no-toner": "kein Toner",
    "door-open": "Klappe offen",
    jammed: "Papierstau",
    offline: "offline",
    "service-requested": "Wartung verlangt",
    "input-tray-missing": "Papierfach fehlt",
    "output-tray-missing": "Ausgabefach fehlt",
    "supply-missing": "Verbrauchsmaterial fehlt",
    "output-nearly-full": "Ausgabefach fast voll",
    "output-full": "Ausgabefach voll",
    "input-tray-empty": "Papierfach leer",
    "maintenance-overdue": "Wartung überfällig",
  },
  left: (level) => `noch ${level}`,
  someLeft: "etwas übrig",
  charge: (charge) => `Ladung ${charge}`,
  onBattery: "läuft auf Batterie",
  noProblem: "meldet keine Störung",
  answers: (device) => `${device} antwortet`,
};
const english: Words = {
  outcomes: {
    "no-answer": "does not answer",
    refused: "refuses the sign-in",
    broken: "answers what cannot be understood",
    "name-unknown": "name not known",
  },
  states: {
    up: "up",
    down: "down",
    testing: "in test",
    unknown: "unknown",
    dormant: "dormant",
    "not-present": "not present",
    "fits-none": "no such interface found",
    "lower-layer-down": "the layer below is down",
  },
  problems: {
    "low-paper": "little paper",
    "no-paper": "no paper",
    "low-toner": "little toner",
    "no-toner": "no toner",
    "door-open": "door open",
    jammed: "paper jam",
    offline: "offline",
    "service-requested": "service requested",
    "input-tray-missing": "paper tray missing",
    "output-tray-missing": "output tray missing",
    "supply-missing": "supply missing",
    "output-nearly-full": "output tray nearly full",
    "output-full": "output tray full",
    "input-tray-empty": "paper tray empty",
    "maintenance-overdue": "maintenance overdue",
  },
  left: (level) => `${level} left`,
  someLeft: "some left",
  charge: (charge) => `charge ${charge}`,
  onBattery: "runs on battery",
  noProblem: "reports no problem",
  answers: (device) => `${device} answers`,
};

export const messages: CheckMessageCatalogue<typeof snmp> = {
  de: {
    name: "SNMP-Gerät",
    description: "Werte von Druckern, Switches, Stromversorgungen und anderen Geräten, die SNMP sprechen.",
    summary: summary(german),
    findings: {
      "not-answering": {
        title: ({ evidence, format }) =>
          `${evidenceText(evidence, format).text("target")}: ${wordOf(german.outcomes, evidence["outcome"])} (SNMP)`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          if (read.is("outcome", "name-unknown")) return `Der Name ${read.text("target")} führt zu keiner Adresse.`;
          const detail = read.text("problem") === "–" ? "" : ` Das Gerät sagt: ${read.text("problem")}.`;
          return `Das Gerät ${wordOf(german.outcomes, evidence["outcome"])}.${detail} Es ist aus, getrennt, oder die Zugangsdaten stimmen nicht: Auf eine falsche Community schweigen Geräte.`;
        },
        advice: () =>
          "Prüfen Sie, ob das Gerät eingeschaltet ist und SNMP für diesen Computer erlaubt, und geben Sie die Zugangsdaten in der Richtlinie neu ein.",
      },
      value: {
        title: ({ evidence, format, subject }) => `${subject} ${valueIn(evidence, format)}: ${deviceIn(evidence, format)}`,
        meaning: ({ evidence, format, subject }) =>
          `${subject} ist ${valueIn(evidence, format)}. Die Richtlinie nennt das schlecht: ${evidenceText(evidence, format).text("limit")}.`,
        advice: () => "Sehen Sie am Gerät nach, was den Wert verändert hat.",
      },
      "interface-down": {
        title: ({ evidence, format, subject }) =>
          `Anschluss ${subject} ${wordOf(german.states, evidence["interfaceState"])}: ${deviceIn(evidence, format)}`,
        meaning: ({ evidence, subject }) =>
          `Der Anschluss ${subject}, der in Betrieb sein muss, ist es nicht (${wordOf(german.states, evidence["interfaceState"])}). Was daran hängt, hat keine Verbindung.`,
        advice: () => "Prüfen Sie Kabel und Gegenstelle, und ob jemand den Anschluss abgeschaltet hat.",
      },
      "interface-errors": {
        title: ({ evidence, format, subject }) =>
          `${evidenceText(evidence, format).number("errorsPerMinute")} Fehler je Minute an ${subject}: ${deviceIn(evidence, format)}`,
        meaning: ({ evidence, format, subject }) =>
          `Am Anschluss ${subject} kommen ${evidenceText(evidence, format).number("errorsPerMinute")} fehlerhafte Pakete je Minute vor. Verbindungen darüber sind langsam.`,
        advice: () => "Tauschen Sie das Kabel, und prüfen Sie, ob beide Seiten dieselbe Geschwindigkeit eingestellt haben.",
      },
      supply: {
        title: ({ evidence, format, subject }) =>
          `${subject}: noch ${evidenceText(evidence, format).percent("levelPercent")}, ${deviceIn(evidence, format)}`,
        meaning: ({ evidence, format, subject }) =>
          `Von ${subject} sind noch ${evidenceText(evidence, format).percent("levelPercent")} übrig (bei einem Auffangbehälter: Platz). Danach druckt das Gerät nicht mehr.`,
        advice: () => "Bestellen Sie Ersatz.",
      },
      "printer-problem": {
        title: ({ evidence, format }) => `Drucker meldet: ${problemsIn(german, evidence)} (${deviceIn(evidence, format)})`,
        meaning: ({ evidence }) => `Der Drucker meldet: ${problemsIn(german, evidence)}. Aufträge warten womöglich.`,
        advice: () => "Lassen Sie jemanden am Drucker nachsehen.",
      },
      "on-battery": {
        title: ({ evidence, format }) => `Läuft auf Batterie: ${deviceIn(evidence, format)}`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Die Stromversorgung bekommt keinen Strom und läuft seit ${read.duration("upsOnBatterySeconds")} auf Batterie; die Ladung beträgt ${read.percent("upsChargePercent")} und reicht noch ${read.duration("upsRemainingSeconds")}.`;
        },
        advice: () => "Prüfen Sie Sicherung und Steckdose. Fahren Sie Server herunter, wenn der Strom nicht bald wiederkommt.",
      },
      battery: {
        title: ({ evidence, format }) =>
          `Batterie schwach (${evidenceText(evidence, format).percent("upsChargePercent")}): ${deviceIn(evidence, format)}`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Die Ladung beträgt ${read.percent("upsChargePercent")} und reichte noch ${read.duration("upsRemainingSeconds")}. Fällt der Strom aus, gehen die Geräte daran aus.`;
        },
        advice: () => "Läuft sie gerade auf Batterie, fahren Sie die Server herunter. Sonst tauschen Sie die Batterie.",
      },
      load: {
        title: ({ evidence, format }) => `Last ${evidenceText(evidence, format).percent("upsLoadPercent")}: ${deviceIn(evidence, format)}`,
        meaning: ({ evidence, format }) =>
          `Die Stromversorgung ist zu ${evidenceText(evidence, format).percent("upsLoadPercent")} ausgelastet. Kommt etwas hinzu, schaltet sie ab; auf Batterie hält sie kürzer.`,
        advice: () => "Hängen Sie Geräte um, die keine gesicherte Stromversorgung brauchen.",
      },
    },
    settings: {
      target: { label: "Gerät", help: "Name oder Adresse. Leer: der Name dieser Instanz." },
      portNumber: { label: "Port", help: "Fast immer 161." },
      family: addressFamilyTexts.de,
      ...snmpAccessTexts.de.settings,
      answerWithinMs: { label: "Antwort innerhalb von (ms)", help: "Danach wird noch einmal gefragt." },
      values: { label: "Werte", help: "Je Wert: Name = OID. Zum Beispiel: Temperatur = 1.3.6.1.4.1.318.1.1.10.2.3.2.1.4.1" },
      interfaces: { label: "Netzanschlüsse lesen", help: "Zustand, Durchsatz und Fehler jedes Anschlusses." },
      printer: { label: "Drucker lesen", help: "Verbrauchsmaterial und Störungen, wenn das Gerät ein Drucker ist." },
      ups: { label: "Stromversorgung lesen", help: "Batterie und Last, wenn das Gerät eine unterbrechungsfreie Stromversorgung ist." },
      limits: {
        label: "Grenzen",
        help: "Je Grenze: Name, Vergleich, Wert, Schwere. Zum Beispiel: Temperatur > 40 warning. Zuwachs je Sekunde: Name/s > 10.",
      },
      interfacesUp: { label: "Anschlüsse, die in Betrieb sein müssen", help: "Namen oder Beschreibungen; * steht für beliebige Zeichen." },
      errorsPerMinuteAbove: { label: "Warnung bei Fehlern je Minute über", help: "Je Anschluss, beide Richtungen zusammen. 0: nie." },
      supplyWarningPercent: { label: "Verbrauchsmaterial: Warnung unter (%)", help: "Wenn weniger übrig ist." },
      supplyFailurePercent: { label: "Verbrauchsmaterial: Störung unter (%)", help: "Wenn weniger übrig ist." },
      printerProblems: { label: "Druckerstörungen melden", help: "Papierstau, offene Klappe, kein Papier und Ähnliches." },
      chargeFailurePercent: { label: "Batterie: Störung unter (%)", help: "Wenn die Ladung geringer ist." },
      remainingFailureMinutes: { label: "Batterie: Störung unter (Minuten)", help: "Wenn sie kürzer hielte." },
      loadWarningPercent: { label: "Last: Warnung über (%)", help: "Wenn die Stromversorgung stärker ausgelastet ist." },
    },
    noData: {
      "no-target": "Es ist kein Ziel eingestellt.",
      "unreadable-value": (about) => `Ein Wert ist nicht als Name = OID geschrieben: ${about}`,
      "no-name-server": "Der Name des Ziels ließ sich nicht auflösen: Kein Nameserver hat geantwortet.",
      "no-connection": "Dieser Computer hat selbst keine Netzverbindung und sagt deshalb nichts über das Gerät.",
      ...snmpAccessTexts.de.noData,
    },
    fields: {
      uptimeSeconds: "Laufzeit",
      "values.value": "Wert",
      "values.perSecond": "Zuwachs je Sekunde",
      "interfaces.inBitsPerSecond": "Empfangen (Bit/s)",
      "interfaces.outBitsPerSecond": "Gesendet (Bit/s)",
      "interfaces.errorsPerMinute": "Fehler je Minute",
      "supplies.levelPercent": "Übrig",
      upsAlarmCount: "Alarme der Stromversorgung",
      upsChargePercent: "Ladung",
      upsLoadPercent: "Last",
      upsRemainingSeconds: "Batterie reicht noch",
      upsOnBatterySeconds: "Auf Batterie seit",
    },
  },
  en: {
    name: "SNMP device",
    description: "Values of printers, switches, power supplies and other devices that speak SNMP.",
    summary: summary(english),
    findings: {
      "not-answering": {
        title: ({ evidence, format }) =>
          `${evidenceText(evidence, format).text("target")}: ${wordOf(english.outcomes, evidence["outcome"])} (SNMP)`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          if (read.is("outcome", "name-unknown")) return `The name ${read.text("target")} leads to no address.`;
          const detail = read.text("problem") === "–" ? "" : ` The device says: ${read.text("problem")}.`;
          return `The device ${wordOf(english.outcomes, evidence["outcome"])}.${detail} It is off, cut off, or the access data are wrong: devices are silent about a wrong community.`;
        },
        advice: () => "Check whether the device is on and lets this computer use SNMP, and enter the access data in the policy anew.",
      },
      value: {
        title: ({ evidence, format, subject }) => `${subject} ${valueIn(evidence, format)}: ${deviceIn(evidence, format)}`,
        meaning: ({ evidence, format, subject }) =>
          `${subject} is ${valueIn(evidence, format)}. The policy calls that bad: ${evidenceText(evidence, format).text("limit")}.`,
        advice: () => "See at the device what has changed the value.",
      },
      "interface-down": {
        title: ({ evidence, format, subject }) =>
          `Interface ${subject} ${wordOf(english.states, evidence["interfaceState"])}: ${deviceIn(evidence, format)}`,
        meaning: ({ evidence, subject }) =>
          `The interface ${subject}, which must be up, is not (${wordOf(english.states, evidence["interfaceState"])}). What hangs on it has no connection.`,
        advice: () => "Check the cable and the other end, and whether somebody switched the interface off.",
      },
      "interface-errors": {
        title: ({ evidence, format, subject }) =>
          `${evidenceText(evidence, format).number("errorsPerMinute")} errors per minute at ${subject}: ${deviceIn(evidence, format)}`,
        meaning: ({ evidence, format, subject }) =>
          `At the interface ${subject} there are ${evidenceText(evidence, format).number("errorsPerMinute")} packets with errors per minute. Connections across it are slow.`,
        advice: () => "Replace the cable, and check whether both ends are set to the same speed.",
      },
      supply: {
        title: ({ evidence, format, subject }) =>
          `${subject}: ${evidenceText(evidence, format).percent("levelPercent")} left, ${deviceIn(evidence, format)}`,
        meaning: ({ evidence, format, subject }) =>
          `${evidenceText(evidence, format).percent("levelPercent")} of ${subject} is left (of a waste box: room). After that the device does not print any more.`,
        advice: () => "Order a replacement.",
      },
      "printer-problem": {
        title: ({ evidence, format }) => `Printer reports: ${problemsIn(english, evidence)} (${deviceIn(evidence, format)})`,
        meaning: ({ evidence }) => `The printer reports: ${problemsIn(english, evidence)}. Jobs may be waiting.`,
        advice: () => "Have somebody look at the printer.",
      },
      "on-battery": {
        title: ({ evidence, format }) => `Runs on battery: ${deviceIn(evidence, format)}`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `The power supply gets no power and has been running on its battery for ${read.duration("upsOnBatterySeconds")}; its charge is ${read.percent("upsChargePercent")} and lasts for ${read.duration("upsRemainingSeconds")} more.`;
        },
        advice: () => "Check fuse and socket. Shut servers down when the power does not come back soon.",
      },
      battery: {
        title: ({ evidence, format }) =>
          `Battery weak (${evidenceText(evidence, format).percent("upsChargePercent")}): ${deviceIn(evidence, format)}`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Its charge is ${read.percent("upsChargePercent")} and would last for ${read.duration("upsRemainingSeconds")}. When the power fails, the devices on it go off.`;
        },
        advice: () => "If it runs on its battery now, shut the servers down. Otherwise replace the battery.",
      },
      load: {
        title: ({ evidence, format }) => `Load ${evidenceText(evidence, format).percent("upsLoadPercent")}: ${deviceIn(evidence, format)}`,
        meaning: ({ evidence, format }) =>
          `The power supply has a load of ${evidenceText(evidence, format).percent("upsLoadPercent")}. When something is added it switches off; on battery it lasts for less.`,
        advice: () => "Move devices away that need no safe power.",
      },
    },
    settings: {
      target: { label: "Device", help: "Name or address. Empty: the name of this instance." },
      portNumber: { label: "Port", help: "Nearly always 161." },
      family: addressFamilyTexts.en,
      ...snmpAccessTexts.en.settings,
      answerWithinMs: { label: "Answer within (ms)", help: "After that it is asked once more." },
      values: { label: "Values", help: "For each: name = OID. For example: Temperature = 1.3.6.1.4.1.318.1.1.10.2.3.2.1.4.1" },
      interfaces: { label: "Read network interfaces", help: "State, traffic and errors of each interface." },
      printer: { label: "Read printers", help: "Supplies and problems, when the device is a printer." },
      ups: { label: "Read power supplies", help: "Battery and load, when the device is an uninterruptible power supply." },
      limits: {
        label: "Limits",
        help: "For each: name, comparison, value, severity. For example: Temperature > 40 warning. Rise per second: name/s > 10.",
      },
      interfacesUp: { label: "Interfaces that must be up", help: "Names or descriptions; * stands for any characters." },
      errorsPerMinuteAbove: { label: "Warning at errors per minute above", help: "For each interface, both ways together. 0: never." },
      supplyWarningPercent: { label: "Supplies: warning below (%)", help: "When less is left." },
      supplyFailurePercent: { label: "Supplies: failure below (%)", help: "When less is left." },
      printerProblems: { label: "Report printer problems", help: "Paper jam, open door, no paper and the like." },
      chargeFailurePercent: { label: "Battery: failure below (%)", help: "When the charge is less." },
      remainingFailureMinutes: { label: "Battery: failure below (minutes)", help: "When it would last for less." },
      loadWarningPercent: { label: "Load: warning above (%)", help: "When the power supply has more load." },
    },
    noData: {
      "no-target": "No target is set.",
      "unreadable-value": (about) => `A value is not written as Name = OID: ${about}`,
      "no-name-server": "The name of the target could not be resolved: no name server answered.",
      "no-connection": "This computer has no network connection of its own, so it says nothing about the device.",
      ...snmpAccessTexts.en.noData,
    },
    fields: {
      uptimeSeconds: "Uptime",
      "values.value": "Value",
      "values.perSecond": "Rise per second",
      "interfaces.inBitsPerSecond": "Received (bit/s)",
      "interfaces.outBitsPerSecond": "Sent (bit/s)",
      "interfaces.errorsPerMinute": "Errors per minute",
      "supplies.levelPercent": "Left",
      upsAlarmCount: "Alarms of the power supply",
      upsChargePercent: "Charge",
      upsLoadPercent: "Load",
      upsRemainingSeconds: "Battery lasts for",
      upsOnBatterySeconds: "On battery for",
    },
  },
};
