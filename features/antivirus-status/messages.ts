import { evidenceText } from "@hauswart/protocol/evidence.ts";
import type { CheckMessageCatalogue, FindingText } from "@hauswart/protocol/messages.ts";
import type { antivirusStatus } from "./protocol.ts";

type Read = ReturnType<typeof evidenceText>;
type About = Parameters<FindingText>[0];

interface Words {
  readonly protects: (names: string) => string;
  readonly nothing: string;
  readonly nothingRequired: string;
  readonly single: string;
  readonly several: (names: string) => string;
  readonly states: Readonly<Record<string, string>>;
  readonly engineStopped: string;
  readonly age: (age: string) => string;
  readonly workingDays: (count: number) => string;
  readonly noDate: string;
  readonly saysCurrent: string;
  readonly afterPause: (age: string) => string;
  readonly updates: Readonly<Record<string, string>>;
  readonly tamper: Readonly<Record<string, string>>;
  readonly scan: (duration: string) => string;
  readonly unknown: string;
}

const textOf = (evidence: About["evidence"], name: string) => String(evidence[name] ?? "");

/** Which verdict the evidence belongs to shows in what it holds. */
const summary =
  (words: Words): FindingText =>
  ({ evidence, format }) => {
    const read = evidenceText(evidence, format);
    if (read.value("activeCount") !== undefined) return protection(words, read);
    if (read.value("realTimeCount") !== undefined)
      return read.value("realTimeCount")! > 1 ? words.several(read.text("products")) : words.single;
    if (evidence["tamperProtection"] !== undefined) return words.tamper[textOf(evidence, "tamperProtection")] ?? words.unknown;
    if (read.value("scanAgeSeconds") !== undefined) return words.scan(read.duration("scanAgeSeconds"));
    if (evidence["saysOutdated"] !== undefined) return signatures(words, read);
    if (evidence["updates"] !== undefined) return words.updates[textOf(evidence, "updates")] ?? words.unknown;
    if (read.is("productState", "active") && read.is("engine", "not-running")) return words.engineStopped;
    return words.states[textOf(evidence, "productState")] ?? words.unknown;
  };

function protection(words: Words, read: Read): string {
  if (read.value("activeCount")! > 0) return words.protects(read.text("active"));
  return read.is("isRequired", true) ? words.nothing : words.nothingRequired;
}

function signatures(words: Words, read: Read): string {
  if (read.is("reason", "after-pause")) return words.afterPause(ageText(words.workingDays, read));
  if (read.value("ageSeconds") !== undefined) return words.age(ageText(words.workingDays, read));
  return read.is("reason", "no-date") ? words.noDate : words.saysCurrent;
}

/** In the unit that it was judged in; younger than a working day in what it is. */
function ageText(workingDays: (count: number) => string, read: Read): string {
  const days = read.value("ageWorkingDays");
  return days === undefined || days === 0 ? read.duration("ageSeconds") : workingDays(days);
}

const workingDaysDe = (count: number) => (count === 1 ? "einen Arbeitstag" : `${count} Arbeitstage`);
const workingDaysEn = (count: number) => (count === 1 ? "one working day" : `${count} working days`);

/** Of two texts the one that fits the evidence. */
const choose = (is: boolean, one: string, other: string) => (is ? one : other);

const stateDe: Readonly<Record<string, string>> = {
  active: "schützt",
  "on-demand": "installiert, der Dienst ist abgeschaltet",
  off: "ausgeschaltet",
  snoozed: "vorübergehend ausgeschaltet",
  expired: "Lizenz abgelaufen",
  unknown: "Zustand unbekannt",
};
const stateEn: Readonly<Record<string, string>> = {
  active: "protects",
  "on-demand": "installed, its service is switched off",
  off: "switched off",
  snoozed: "switched off for a while",
  expired: "licence has run out",
  unknown: "state unknown",
};

export const messages: CheckMessageCatalogue<typeof antivirusStatus> = {
  de: {
    name: "Virenschutz",
    description: "Welche Virenschutzprogramme installiert sind, ob sie schützen und wie alt ihre Signaturen sind.",
    summary: summary({
      protects: (names) => `geschützt durch ${names}`,
      nothing: "kein Virenschutz",
      nothingRequired: "kein Virenschutz, keiner gefordert",
      single: "höchstens ein Programm prüft in Echtzeit",
      several: (names) => `mehrere prüfen gleichzeitig: ${names}`,
      states: stateDe,
      engineStopped: "meldet Schutz, aber der Dienst läuft nicht",
      age: (age) => `Signaturen ${age} alt`,
      workingDays: workingDaysDe,
      noDate: "Alter der Signaturen unbekannt",
      saysCurrent: "meldet aktuelle Signaturen",
      afterPause: (age) => `Signaturen ${age} alt, der Computer war aus`,
      updates: { running: "holt neue Signaturen", "not-running": "holt keine neuen Signaturen" },
      tamper: { on: "Manipulationsschutz ein", off: "Manipulationsschutz aus" },
      scan: (duration) => `letzte Überprüfung vor ${duration}`,
      unknown: "Zustand unbekannt",
    }),
    findings: {
      "not-protected": {
        title: () => "Kein Virenschutz",
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return choose(
            textOf(evidence, "installed") === "",
            "Auf dem Computer ist kein bekanntes Virenschutzprogramm installiert. Schadprogramme werden nicht erkannt.",
            `Installiert ist ${read.text("installed")}, aber nichts davon schützt. Schadprogramme werden nicht erkannt.`,
          );
        },
        advice: () => "Schalten Sie das Virenschutzprogramm ein, oder installieren Sie eines.",
      },
      "engine-off": {
        title: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          const claims = read.is("productState", "active") && read.is("engine", "not-running");
          return claims
            ? `${subject} meldet Schutz, aber sein Dienst läuft nicht`
            : `${subject} schützt nicht (${stateDe[textOf(evidence, "productState")] ?? "Zustand unbekannt"})`;
        },
        meaning: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          return choose(
            textOf(evidence, "otherActive") === "",
            `${subject} ist installiert, arbeitet aber nicht. Kein anderes Programm schützt den Computer.`,
            `${subject} ist installiert, arbeitet aber nicht. Den Computer schützt ${read.text("otherActive")}.`,
          );
        },
        advice: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          if (read.is("productState", "expired")) return "Verlängern Sie die Lizenz, oder deinstallieren Sie das Programm.";
          return choose(
            textOf(evidence, "otherActive") === "",
            "Schalten Sie den Schutz ein und starten Sie den Dienst des Programms. Lässt er sich nicht starten, prüfen Sie das Ereignisprotokoll und installieren Sie das Programm neu.",
            "Deinstallieren Sie das Programm, wenn es nicht mehr gebraucht wird, oder schalten Sie es ein.",
          );
        },
      },
      "signatures-old": {
        title: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          return read.value("ageSeconds") === undefined
            ? `Signaturen von ${subject} veraltet`
            : `Signaturen von ${subject} sind ${ageText(workingDaysDe, read)} alt`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          const date =
            read.value("signatureAtMs") === undefined
              ? "Das Programm meldet selbst, dass seine Signaturen veraltet sind."
              : `Die Signaturen sind vom ${read.dateTime("signatureAtMs")}.`;
          const cause = read.is("updates", "not-running")
            ? " Grund: Der Dienst, der neue Signaturen holt, läuft nicht."
            : read.is("updates", "running")
              ? " Der Dienst, der neue Signaturen holt, läuft; er erreicht seine Quelle vermutlich nicht."
              : "";
          return `${date}${cause} Neue Schadprogramme erkennt der Virenschutz damit nicht.`;
        },
        advice: ({ evidence, format }) =>
          evidenceText(evidence, format).is("updates", "not-running")
            ? "Starten Sie den Aktualisierungsdienst des Programms (bei ClamAV: systemctl enable --now clamav-freshclam)."
            : "Starten Sie die Aktualisierung von Hand. Schlägt sie fehl, prüfen Sie Internetzugang, Proxy und Lizenz.",
      },
      "updates-off": {
        title: ({ subject }) => `${subject} holt keine neuen Signaturen`,
        meaning: ({ subject }) =>
          `Der Dienst oder Zeitplan, mit dem ${subject} neue Signaturen holt, läuft nicht. Die vorhandenen veralten, und neue Schadprogramme bleiben unerkannt.`,
        advice: () =>
          "Schalten Sie die Aktualisierung ein (bei ClamAV: systemctl enable --now clamav-freshclam; auf dem Mac: Softwareupdate, Sicherheitsmaßnahmen und Systemdateien).",
      },
      "several-products": {
        title: ({ evidence, format }) => `Mehrere Virenschutzprogramme zugleich: ${evidenceText(evidence, format).text("products")}`,
        meaning: () =>
          "Mehrere Programme prüfen jede Datei in Echtzeit. Sie bremsen den Computer, blockieren einander und können Dateien beschädigen.",
        advice: () => "Behalten Sie eines und deinstallieren Sie die anderen.",
      },
      "tamper-protection-off": {
        title: ({ subject }) => `Manipulationsschutz von ${subject} ist aus`,
        meaning: () => "Ein Schadprogramm mit Administratorrechten kann den Virenschutz ausschalten.",
        advice: () => "Schalten Sie den Manipulationsschutz in den Einstellungen des Programms oder in seiner Verwaltung ein.",
      },
      "scan-overdue": {
        title: ({ subject, evidence, format }) =>
          `${subject}: letzte Überprüfung vor ${evidenceText(evidence, format).duration("scanAgeSeconds")}`,
        meaning: ({ evidence, format }) =>
          `Der Computer wurde zuletzt am ${evidenceText(evidence, format).dateTime("lastScanAtMs")} ganz überprüft. Was vorher unerkannt blieb, findet erst eine neue Überprüfung.`,
        advice: () => "Starten Sie eine Überprüfung, und prüfen Sie den Zeitplan.",
      },
    },
    settings: {
      exclude: { label: "Diese Programme nicht", help: "Namen von Programmen, die übergangen werden; * steht für beliebige Zeichen." },
      requiredOnWindows: { label: "Auf Windows gefordert", help: "Störung, wenn kein Programm einen Computer mit Windows schützt." },
      requiredOnLinux: { label: "Auf Linux gefordert", help: "Störung, wenn kein Programm einen Computer mit Linux schützt." },
      signatureAgeUnit: {
        label: "Alter der Signaturen in",
        help: "Arbeitstage zählt der Servicekalender des Standorts: ohne Wochenenden und Feiertage. Der Tag, an dem die Signaturen entstanden sind, zählt nicht mit.",
        choices: { "working-days": "Arbeitstagen", hours: "Stunden" },
      },
      signatureWarningWorkingDays: {
        label: "Warnung bei Signaturen älter als (Arbeitstage)",
        help: "Gilt, wenn das Alter in Arbeitstagen zählt. 0: nie.",
      },
      signatureFailureWorkingDays: {
        label: "Störung bei Signaturen älter als (Arbeitstage)",
        help: "Gilt, wenn das Alter in Arbeitstagen zählt. 0: nie.",
      },
      signatureWarningHours: {
        label: "Warnung bei Signaturen älter als (Stunden)",
        help: "Gilt, wenn das Alter in Stunden zählt. 0: nie.",
      },
      signatureFailureHours: {
        label: "Störung bei Signaturen älter als (Stunden)",
        help: "Gilt, wenn das Alter in Stunden zählt. 0: nie.",
      },
      pauseToleranceMinutes: {
        label: "Schonzeit nach dem Einschalten (Minuten)",
        help: "So lange hat das Programm nach einer Pause Zeit, neue Signaturen zu holen.",
      },
      requireTamperProtection: {
        label: "Manipulationsschutz gefordert",
        help: "Warnung, wenn ein Programm meldet, dass er ausgeschaltet ist.",
      },
      scanOverdueDays: { label: "Warnung ohne Überprüfung seit (Tagen)", help: "Wenn die letzte Überprüfung länger her ist. 0: nie." },
    },
    noData: {
      "no-systemd": "Auf diesem Computer läuft kein systemd: Welche Antivirenprogramme laufen, lässt sich nicht feststellen.",
    },
    fields: { activeCount: "Schützende Programme", "products.signatureAgeSeconds": "Alter der Signaturen" },
  },
  en: {
    name: "Antivirus",
    description: "Which antivirus products are installed, whether they protect, and how old their signatures are.",
    summary: summary({
      protects: (names) => `protected by ${names}`,
      nothing: "no antivirus",
      nothingRequired: "no antivirus, none required",
      single: "at most one product watches in real time",
      several: (names) => `several watch at the same time: ${names}`,
      states: stateEn,
      engineStopped: "claims to protect, but its service does not run",
      age: (age) => `signatures ${age} old`,
      workingDays: workingDaysEn,
      noDate: "age of the signatures unknown",
      saysCurrent: "says that its signatures are current",
      afterPause: (age) => `signatures ${age} old, the computer was off`,
      updates: { running: "fetches new signatures", "not-running": "fetches no new signatures" },
      tamper: { on: "tamper protection on", off: "tamper protection off" },
      scan: (duration) => `last scan ${duration} ago`,
      unknown: "state unknown",
    }),
    findings: {
      "not-protected": {
        title: () => "No antivirus",
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return choose(
            textOf(evidence, "installed") === "",
            "No known antivirus product is installed on the computer. Malware is not noticed.",
            `Installed: ${read.text("installed")}, but none of it protects. Malware is not noticed.`,
          );
        },
        advice: () => "Switch the antivirus product on, or install one.",
      },
      "engine-off": {
        title: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          const claims = read.is("productState", "active") && read.is("engine", "not-running");
          return claims
            ? `${subject} claims to protect, but its service does not run`
            : `${subject} does not protect (${stateEn[textOf(evidence, "productState")] ?? "state unknown"})`;
        },
        meaning: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          return choose(
            textOf(evidence, "otherActive") === "",
            `${subject} is installed and does not work. No other product protects the computer.`,
            `${subject} is installed and does not work. The computer is protected by ${read.text("otherActive")}.`,
          );
        },
        advice: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          if (read.is("productState", "expired")) return "Renew the licence, or uninstall the product.";
          return choose(
            textOf(evidence, "otherActive") === "",
            "Switch its protection on and start its service. If the service does not start, look into the event log and install the product again.",
            "Uninstall the product if it is no longer needed, or switch it on.",
          );
        },
      },
      "signatures-old": {
        title: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          return read.value("ageSeconds") === undefined
            ? `Signatures of ${subject} are out of date`
            : `Signatures of ${subject} are ${ageText(workingDaysEn, read)} old`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          const date =
            read.value("signatureAtMs") === undefined
              ? "The product itself says that its signatures are out of date."
              : `The signatures are of ${read.dateTime("signatureAtMs")}.`;
          const cause = read.is("updates", "not-running")
            ? " Reason: the service that fetches new signatures does not run."
            : read.is("updates", "running")
              ? " The service that fetches new signatures runs; probably it does not reach its source."
              : "";
          return `${date}${cause} New malware is not noticed with them.`;
        },
        advice: ({ evidence, format }) =>
          evidenceText(evidence, format).is("updates", "not-running")
            ? "Start the product's update service (for ClamAV: systemctl enable --now clamav-freshclam)."
            : "Start the update by hand. If it fails, check internet access, proxy and licence.",
      },
      "updates-off": {
        title: ({ subject }) => `${subject} fetches no new signatures`,
        meaning: ({ subject }) =>
          `The service or schedule by which ${subject} fetches new signatures does not run. Those that are there grow old, and new malware goes unnoticed.`,
        advice: () =>
          "Switch updates on (for ClamAV: systemctl enable --now clamav-freshclam; on a Mac: Software Update, security responses and system files).",
      },
      "several-products": {
        title: ({ evidence, format }) => `Several antivirus products at once: ${evidenceText(evidence, format).text("products")}`,
        meaning: () =>
          "Several products look at each file in real time. They slow the computer down, block each other and can damage files.",
        advice: () => "Keep one and uninstall the others.",
      },
      "tamper-protection-off": {
        title: ({ subject }) => `Tamper protection of ${subject} is off`,
        meaning: () => "Malware with administrator's rights can switch the antivirus product off.",
        advice: () => "Switch tamper protection on in the product's settings or its management.",
      },
      "scan-overdue": {
        title: ({ subject, evidence, format }) => `${subject}: last scan ${evidenceText(evidence, format).duration("scanAgeSeconds")} ago`,
        meaning: ({ evidence, format }) =>
          `The computer was last scanned on ${evidenceText(evidence, format).dateTime("lastScanAtMs")}. What went unnoticed before is found by a new scan only.`,
        advice: () => "Start a scan, and check its schedule.",
      },
    },
    settings: {
      exclude: { label: "Not these products", help: "Names of products that are passed over; * stands for any characters." },
      requiredOnWindows: { label: "Required on Windows", help: "Failure when no product protects a computer with Windows." },
      requiredOnLinux: { label: "Required on Linux", help: "Failure when no product protects a computer with Linux." },
      signatureAgeUnit: {
        label: "Age of the signatures in",
        help: "Working days are counted by the site's service calendar: without weekends and holidays. The day on which the signatures were made is not counted.",
        choices: { "working-days": "working days", hours: "hours" },
      },
      signatureWarningWorkingDays: {
        label: "Warning for signatures older than (working days)",
        help: "Holds when the age counts in working days. 0: never.",
      },
      signatureFailureWorkingDays: {
        label: "Failure for signatures older than (working days)",
        help: "Holds when the age counts in working days. 0: never.",
      },
      signatureWarningHours: {
        label: "Warning for signatures older than (hours)",
        help: "Holds when the age counts in hours. 0: never.",
      },
      signatureFailureHours: {
        label: "Failure for signatures older than (hours)",
        help: "Holds when the age counts in hours. 0: never.",
      },
      pauseToleranceMinutes: {
        label: "Grace after switching on (minutes)",
        help: "After a pause the product has this long to fetch new signatures.",
      },
      requireTamperProtection: {
        label: "Tamper protection required",
        help: "Warning when a product says that it is switched off.",
      },
      scanOverdueDays: { label: "Warning without a scan for (days)", help: "When the last scan was longer ago. 0: never." },
    },
    noData: {
      "no-systemd": "This computer is not run by systemd: which antivirus products run cannot be told.",
    },
    fields: { activeCount: "Protecting products", "products.signatureAgeSeconds": "Age of the signatures" },
  },
};
