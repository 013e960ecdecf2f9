import { evidenceText } from "@hauswart/protocol/evidence.ts";
import type { CheckMessageCatalogue, FindingText } from "@hauswart/protocol/messages.ts";
import type { diskHealth } from "./protocol.ts";

type Read = ReturnType<typeof evidenceText>;
type Words = Readonly<Record<string, string>>;

/** What one language needs besides its sentences. */
interface Language {
  readonly environments: Words;
  readonly unknown: Words;
  readonly counters: Words;
  readonly healthy: string;
  readonly asleep: string;
  readonly failing: string;
  readonly readOnly: string;
  readonly writable: string;
  readonly missing: string;
  readonly present: string;
  readonly reallocated: (count: string) => string;
  readonly unreadable: (count: string) => string;
  readonly growing: (count: string, counter: string, days: string) => string;
  readonly steady: string;
  readonly damaged: (count: string, days: string) => string;
  readonly worn: (percent: string) => string;
  readonly spare: (percent: string) => string;
  readonly degrees: (value: string) => string;
}

const german: Language = {
  environments: {
    virtual: "virtueller Computer, keine eigenen Datenträger",
    container: "Container, keine eigenen Datenträger",
    physical: "keine Datenträger gewählt",
  },
  unknown: {
    "behind-controller": "hinter einem RAID-Controller, nicht messbar",
    unreadable: "nicht messbar",
    "not-told": "meldet seinen Zustand nicht",
  },
  counters: {
    reallocatedCount: "ersetzte Sektoren",
    pendingCount: "unlesbare Sektoren, die auf Ersatz warten",
    uncorrectableCount: "unlesbare Sektoren",
    mediaErrorCount: "Lesefehler",
  },
  healthy: "gesund",
  asleep: "schläft, zuletzt gesund",
  failing: "meldet baldigen Ausfall",
  readOnly: "nur noch lesbar",
  writable: "beschreibbar",
  missing: "fehlt",
  present: "vorhanden",
  reallocated: (count) => `${count} ersetzte Sektoren`,
  unreadable: (count) => `${count} unlesbare Stellen`,
  growing: (count, counter, days) => `${count} mehr in ${days} Tagen: ${counter}`,
  steady: "Fehlerzähler unverändert",
  damaged: (count, days) => `${count} Übertragungsfehler in ${days} Tagen`,
  worn: (percent) => `${percent} der Lebensdauer verbraucht`,
  spare: (percent) => `${percent} Reserve`,
  degrees: (value) => `${value} °C`,
};
const english: Language = {
  environments: {
    virtual: "virtual computer, no drives of its own",
    container: "container, no drives of its own",
    physical: "no drives chosen",
  },
  unknown: {
    "behind-controller": "behind a RAID controller, not measurable",
    unreadable: "not measurable",
    "not-told": "does not tell its state",
  },
  counters: {
    reallocatedCount: "replaced sectors",
    pendingCount: "unreadable sectors waiting to be replaced",
    uncorrectableCount: "unreadable sectors",
    mediaErrorCount: "read errors",
  },
  healthy: "healthy",
  asleep: "asleep, healthy when last seen",
  failing: "says that it will fail soon",
  readOnly: "takes no more data",
  writable: "takes data",
  missing: "missing",
  present: "present",
  reallocated: (count) => `${count} replaced sectors`,
  unreadable: (count) => `${count} unreadable places`,
  growing: (count, counter, days) => `${count} more in ${days} days: ${counter}`,
  steady: "error counters unchanged",
  damaged: (count, days) => `${count} damaged transfers in ${days} days`,
  worn: (percent) => `${percent} of its life used`,
  spare: (percent) => `${percent} spare left`,
  degrees: (value) => `${value} °C`,
};

/** Which verdict the evidence belongs to shows in what it holds. */
const summary =
  (language: Language): FindingText =>
  ({ evidence, format }) => {
    const read = evidenceText(evidence, format);
    const has = (name: string) => evidence[name] !== undefined && evidence[name] !== null;
    if (has("environment")) return language.environments[String(evidence["environment"])] ?? language.healthy;
    if (has("isMissing")) return read.is("isMissing", true) ? language.missing : language.present;
    if (has("isReadOnly")) return read.is("isReadOnly", true) ? language.readOnly : language.writable;
    if (has("reallocatedWarningCount")) return language.reallocated(read.number("reallocatedCount"));
    if (has("unreadableCount")) return language.unreadable(read.number("unreadableCount"));
    if (has("transferErrorCount")) return language.damaged(read.number("grownBy"), read.number("days"));
    if (has("grownBy")) return grown(language, read, String(evidence["counter"]));
    if (has("usedPercent")) return language.worn(read.percent("usedPercent"));
    if (has("availableSparePercent")) return language.spare(read.percent("availableSparePercent"));
    if (has("temperature")) return language.degrees(read.number("temperature"));
    return prediction(language, read, String(evidence["reason"] ?? ""));
  };

function grown(language: Language, read: Read, counter: string): string {
  if (!read.value("grownBy")) return language.steady;
  return language.growing(read.number("grownBy"), language.counters[counter] ?? counter, read.number("days"));
}

function prediction(language: Language, read: Read, reason: string): string {
  if (read.is("prediction", "failing")) return language.failing;
  if (reason !== "") return language.unknown[reason] ?? language.unknown["not-told"]!;
  const parts = [read.is("driveState", "asleep") ? language.asleep : language.healthy];
  if (read.value("temperatureCelsius") !== undefined) parts.push(language.degrees(read.number("temperatureCelsius")));
  if (read.value("wearPercent") !== undefined) parts.push(language.worn(read.percent("wearPercent")));
  return parts.join(", ");
}

const adviceReplaceDe = "Sichern Sie die Daten sofort, und prüfen Sie die vorhandene Sicherung. Tauschen Sie den Datenträger dann aus.";
const adviceReplaceEn = "Back up the data at once, and check the backup that is there. Then replace the drive.";

export const messages: CheckMessageCatalogue<typeof diskHealth> = {
  de: {
    name: "Gesundheit der Datenträger",
    description: "Was jeder Datenträger über sich selbst sagt: drohender Ausfall, defekte Sektoren, Abnutzung, Temperatur.",
    summary: summary(german),
    findings: {
      "predicted-failure": {
        title: ({ subject }) => `Datenträger ${subject} meldet baldigen Ausfall`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          const cause = read.text("failingReasons") === "–" ? "" : ` Grund: ${read.text("failingReasons")}.`;
          return `Der Datenträger (${read.text("device")}) sagt über sich selbst, dass er bald ausfallen wird.${cause} Das kann in Stunden geschehen oder in Wochen; dann sind alle Daten darauf verloren.`;
        },
        advice: () => adviceReplaceDe,
      },
      missing: {
        title: ({ subject }) => `Datenträger ${subject} fehlt`,
        meaning: ({ evidence, format }) =>
          `Der Datenträger (zuletzt ${evidenceText(evidence, format).text("device")}) war da und wird nicht mehr gefunden, und kein neuer steht an seiner Stelle. Er ist ausgefallen, hat keinen Strom oder keine Verbindung, oder er wurde ausgebaut. Was über ihn gemeldet war, bleibt offen.`,
        advice: () =>
          "Prüfen Sie Kabel, Einschub und Stromversorgung, und ob ein RAID ohne ihn läuft. Wurde er mit Absicht ausgebaut, nennen Sie ihn in den Einstellungen unter „Diese Datenträger nicht“; ein neuer an seiner Stelle beendet die Meldung von selbst.",
      },
      "read-only": {
        title: ({ subject }) => `Datenträger ${subject} nimmt keine Daten mehr an`,
        meaning: () =>
          "Der Datenträger hat sich auf Lesen beschränkt, um zu schützen, was er enthält. Nichts lässt sich mehr speichern, und Programme brechen mit Fehlern ab.",
        advice: () => "Kopieren Sie die Daten auf einen anderen Datenträger, solange er noch lesbar ist, und tauschen Sie ihn aus.",
      },
      "bad-sectors": {
        title: ({ subject, evidence, format }) =>
          `Datenträger ${subject} hat ${evidenceText(evidence, format).number("reallocatedCount")} defekte Sektoren ersetzt`,
        meaning: () =>
          "Stellen der Oberfläche sind defekt geworden. Der Datenträger hat sie durch Reserve ersetzt, die Daten sind noch da. Solche Datenträger fallen aber deutlich häufiger aus als andere.",
        advice: () =>
          "Prüfen Sie die Sicherung. Steigt die Zahl weiter, tauschen Sie den Datenträger aus; bleibt sie über Wochen gleich, können Sie die Schwelle anheben.",
      },
      "unreadable-data": {
        title: ({ subject, evidence, format }) =>
          `Datenträger ${subject}: ${evidenceText(evidence, format).number("unreadableCount")} Stellen nicht lesbar`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Der Datenträger konnte Daten nicht zurücklesen (wartende Sektoren: ${read.number("pendingCount")}, unlesbare Sektoren: ${read.number("uncorrectableCount")}, Lesefehler: ${read.number("mediaErrorCount")}). Dateien können schon beschädigt sein.`;
        },
        advice: () =>
          "Sichern Sie die Daten, lassen Sie das Dateisystem prüfen und den langen Selbsttest laufen. Nimmt die Zahl zu, tauschen Sie den Datenträger aus.",
      },
      "errors-growing": {
        title: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Datenträger ${subject}: ${read.number("grownBy")} neue Fehler in ${read.number("days")} Tagen`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          const counter = german.counters[String(evidence["counter"])] ?? "Fehler";
          return `Gezählt werden ${counter}; es sind jetzt ${read.number("count")}. Ein Fehlerzähler, der wächst, ist das sicherste Zeichen für einen nahen Ausfall.`;
        },
        advice: () => adviceReplaceDe,
      },
      "worn-out": {
        title: ({ subject, evidence, format }) =>
          `Datenträger ${subject} hat ${evidenceText(evidence, format).percent("usedPercent")} seiner Lebensdauer verbraucht`,
        meaning: () =>
          "Speicherzellen vertragen nur eine begrenzte Zahl von Schreibvorgängen. Jenseits der Lebensdauer, die der Hersteller erwartet, läuft der Datenträger oft noch weiter, fällt aber ohne weitere Warnung aus.",
        advice: () => "Planen Sie den Tausch ein, und klären Sie, was so viel schreibt.",
      },
      "spare-low": {
        title: ({ subject, evidence, format }) =>
          `Datenträger ${subject}: nur noch ${evidenceText(evidence, format).percent("availableSparePercent")} Reserve`,
        meaning: ({ evidence, format }) =>
          `Defekte Blöcke werden durch Reserve ersetzt, und diese geht zur Neige. Der Hersteller sieht unter ${evidenceText(evidence, format).percent("spareThresholdPercent")} das Ende erreicht.`,
        advice: () => adviceReplaceDe,
      },
      "too-hot": {
        title: ({ subject, evidence, format }) =>
          `Datenträger ${subject} ist ${evidenceText(evidence, format).number("temperature")} °C warm`,
        meaning: ({ evidence, format }) =>
          `Gewarnt wird über ${evidenceText(evidence, format).number("warningCelsius")} °C. Zu warme Datenträger werden langsamer und altern schneller.`,
        advice: () => "Reinigen Sie Lüfter und Filter, und prüfen Sie, ob Luft an den Datenträger kommt und wie warm der Raum ist.",
      },
      "transfer-errors": {
        title: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Datenträger ${subject}: ${read.number("grownBy")} Übertragungsfehler in ${read.number("days")} Tagen`;
        },
        meaning: () =>
          "Daten kommen zwischen Datenträger und Computer beschädigt an und werden noch einmal geschickt. Der Datenträger selbst ist meist in Ordnung; er wird langsam und setzt zeitweise aus.",
        advice: () => "Tauschen Sie das Kabel aus, oder stecken Sie den Datenträger in einen anderen Einschub.",
      },
    },
    settings: {
      exclude: { label: "Diese Datenträger nicht", help: "Modell mit Seriennummer oder Gerät; * steht für beliebige Zeichen." },
      usbDrives: { label: "Auch Datenträger an USB", help: "Soweit sie sich befragen lassen. Wechseldatenträger nie." },
      useSmartctl: {
        label: "smartctl verwenden",
        help: "Fragt das Programm smartctl, wo es installiert ist, nach Datenträgern, die selbst nicht antworten.",
      },
      forgetMissingDays: {
        label: "Fehlende Datenträger vergessen nach (Tage)",
        help: "Danach endet auch, was über sie gemeldet war. 0: sofort.",
      },
      reportMissing: {
        label: "Fehlende Datenträger melden",
        help: "Störung, wenn ein Datenträger fehlt, der da war, und kein neuer an seine Stelle getreten ist. Sonst gilt er als nicht messbar.",
      },
      reallocatedWarningCount: { label: "Warnung ab ersetzten Sektoren", help: "Ab dieser Zahl. 0: nie." },
      reallocatedFailureCount: { label: "Störung ab ersetzten Sektoren", help: "Ab dieser Zahl. 0: nie." },
      unreadableWarningCount: { label: "Warnung ab unlesbaren Stellen", help: "Wartende oder unlesbare Sektoren oder Lesefehler. 0: nie." },
      unreadableFailureCount: { label: "Störung ab unlesbaren Stellen", help: "Wartende oder unlesbare Sektoren oder Lesefehler. 0: nie." },
      wearWarningPercent: {
        label: "Warnung bei Abnutzung über (%)",
        help: "Verbrauchter Anteil der Lebensdauer, die der Hersteller erwartet. 0: nie.",
      },
      wearFailurePercent: {
        label: "Störung bei Abnutzung über (%)",
        help: "Verbrauchter Anteil der Lebensdauer, die der Hersteller erwartet. 0: nie.",
      },
      hardDiskWarningCelsius: { label: "Warnung bei Festplatten über (°C)", help: "0: nie." },
      hardDiskFailureCelsius: { label: "Störung bei Festplatten über (°C)", help: "0: nie." },
      ssdWarningCelsius: { label: "Warnung bei SSDs über (°C)", help: "Für SSDs, die keine eigene Grenze nennen. 0: nie." },
      ssdFailureCelsius: { label: "Störung bei SSDs über (°C)", help: "Für SSDs, die keine eigene Grenze nennen. 0: nie." },
      growthWarningCount: { label: "Warnung ab neuen Fehlern", help: "In zwei Wochen hinzugekommene Fehler eines Datenträgers. 0: nie." },
      growthFailureCount: { label: "Störung ab neuen Fehlern", help: "In zwei Wochen hinzugekommene Fehler eines Datenträgers. 0: nie." },
      transferWarningCount: { label: "Warnung ab Übertragungsfehlern", help: "In zwei Wochen hinzugekommene Übertragungsfehler. 0: nie." },
    },
    noData: {
      "no-disk-answered": "Kein Datenträger hat geantwortet.",
      "no-disk-found": "Es wurde kein Datenträger gefunden.",
    },
    fields: {
      physicalCount: "Datenträger",
      "drives.temperatureCelsius": "Temperatur",
      "drives.wearPercent": "Verbrauchte Lebensdauer",
      "drives.availableSparePercent": "Reserve",
      "drives.reallocatedCount": "Ersetzte Sektoren",
      "drives.pendingCount": "Wartende Sektoren",
      "drives.uncorrectableCount": "Unlesbare Sektoren",
      "drives.mediaErrorCount": "Lesefehler",
      "drives.transferErrorCount": "Übertragungsfehler",
      "drives.powerOnSeconds": "Betriebszeit",
    },
  },
  en: {
    name: "Drive health",
    description: "What each drive says of itself: predicted failure, bad sectors, wear, temperature.",
    summary: summary(english),
    findings: {
      "predicted-failure": {
        title: ({ subject }) => `Drive ${subject} says that it will fail soon`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          const cause = read.text("failingReasons") === "–" ? "" : ` Reason: ${read.text("failingReasons")}.`;
          return `The drive (${read.text("device")}) says of itself that it will fail soon.${cause} That may take hours or weeks; then all data on it are lost.`;
        },
        advice: () => adviceReplaceEn,
      },
      missing: {
        title: ({ subject }) => `Drive ${subject} is missing`,
        meaning: ({ evidence, format }) =>
          `The drive (last at ${evidenceText(evidence, format).text("device")}) was there and is no longer found, and no new one has taken its place. It has failed, lost its power or its connection, or was taken out. What was reported of it stays open.`,
        advice: () =>
          "Check cable, bay and power, and whether a RAID runs without it. If it was taken out on purpose, name it in the settings under “Not these drives”; a new one in its place ends this by itself.",
      },
      "read-only": {
        title: ({ subject }) => `Drive ${subject} takes no more data`,
        meaning: () =>
          "The drive has restricted itself to reading to protect what it holds. Nothing can be saved any more, and programs end with errors.",
        advice: () => "Copy the data to another drive while it can be read, and replace it.",
      },
      "bad-sectors": {
        title: ({ subject, evidence, format }) =>
          `Drive ${subject} has replaced ${evidenceText(evidence, format).number("reallocatedCount")} bad sectors`,
        meaning: () =>
          "Places of its surface went bad. The drive replaced them from its spare, so the data are still there. Such drives fail far more often than others.",
        advice: () =>
          "Check the backup. If the number keeps growing, replace the drive; if it stays the same for weeks, raise the threshold.",
      },
      "unreadable-data": {
        title: ({ subject, evidence, format }) =>
          `Drive ${subject}: ${evidenceText(evidence, format).number("unreadableCount")} places cannot be read`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `The drive could not read data back (pending sectors: ${read.number("pendingCount")}, unreadable sectors: ${read.number("uncorrectableCount")}, read errors: ${read.number("mediaErrorCount")}). Files may be damaged already.`;
        },
        advice: () => "Back up the data, have the file system checked and run the long self-test. If the number grows, replace the drive.",
      },
      "errors-growing": {
        title: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Drive ${subject}: ${read.number("grownBy")} new errors in ${read.number("days")} days`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          const counter = english.counters[String(evidence["counter"])] ?? "errors";
          return `What is counted are ${counter}; there are ${read.number("count")} now. An error counter that grows is the surest sign that a drive will soon fail.`;
        },
        advice: () => adviceReplaceEn,
      },
      "worn-out": {
        title: ({ subject, evidence, format }) =>
          `Drive ${subject} has used ${evidenceText(evidence, format).percent("usedPercent")} of its life`,
        meaning: () =>
          "Memory cells stand a limited number of writes. Beyond the life that its maker expects a drive often goes on, and then fails without another warning.",
        advice: () => "Plan its replacement, and find out what writes so much.",
      },
      "spare-low": {
        title: ({ subject, evidence, format }) =>
          `Drive ${subject}: only ${evidenceText(evidence, format).percent("availableSparePercent")} spare left`,
        meaning: ({ evidence, format }) =>
          `Bad blocks are replaced from a spare, which is running out. Below ${evidenceText(evidence, format).percent("spareThresholdPercent")} its maker considers the drive at its end.`,
        advice: () => adviceReplaceEn,
      },
      "too-hot": {
        title: ({ subject, evidence, format }) => `Drive ${subject} has ${evidenceText(evidence, format).number("temperature")} °C`,
        meaning: ({ evidence, format }) =>
          `The warning is for more than ${evidenceText(evidence, format).number("warningCelsius")} °C. Drives that are too warm get slower and age faster.`,
        advice: () => "Clean fans and filters, and check whether air reaches the drive and how warm the room is.",
      },
      "transfer-errors": {
        title: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Drive ${subject}: ${read.number("grownBy")} damaged transfers in ${read.number("days")} days`;
        },
        meaning: () =>
          "Data are damaged between drive and computer and are sent again. The drive itself is mostly fine; it gets slow and drops out at times.",
        advice: () => "Replace the cable, or put the drive into another bay.",
      },
    },
    settings: {
      exclude: { label: "Not these drives", help: "Model with serial number, or device; * stands for any characters." },
      usbDrives: { label: "Also drives at USB", help: "As far as they can be asked. Removable ones never." },
      useSmartctl: {
        label: "Use smartctl",
        help: "Asks the program smartctl, where it is installed, about drives that do not answer by themselves.",
      },
      forgetMissingDays: {
        label: "Forget missing drives after (days)",
        help: "What was reported of them ends then, too. 0: at once.",
      },
      reportMissing: {
        label: "Report missing drives",
        help: "Failure when a drive is missing that was there and no new one has taken its place. Otherwise it counts as not measurable.",
      },
      reallocatedWarningCount: { label: "Warning from replaced sectors", help: "From this number on. 0: never." },
      reallocatedFailureCount: { label: "Failure from replaced sectors", help: "From this number on. 0: never." },
      unreadableWarningCount: { label: "Warning from unreadable places", help: "Pending or unreadable sectors or read errors. 0: never." },
      unreadableFailureCount: { label: "Failure from unreadable places", help: "Pending or unreadable sectors or read errors. 0: never." },
      wearWarningPercent: { label: "Warning for wear above (%)", help: "Used share of the life that the maker expects. 0: never." },
      wearFailurePercent: { label: "Failure for wear above (%)", help: "Used share of the life that the maker expects. 0: never." },
      hardDiskWarningCelsius: { label: "Warning for hard disks above (°C)", help: "0: never." },
      hardDiskFailureCelsius: { label: "Failure for hard disks above (°C)", help: "0: never." },
      ssdWarningCelsius: { label: "Warning for SSDs above (°C)", help: "For SSDs that name no limit of their own. 0: never." },
      ssdFailureCelsius: { label: "Failure for SSDs above (°C)", help: "For SSDs that name no limit of their own. 0: never." },
      growthWarningCount: { label: "Warning from new errors", help: "Errors that a drive counted in two weeks. 0: never." },
      growthFailureCount: { label: "Failure from new errors", help: "Errors that a drive counted in two weeks. 0: never." },
      transferWarningCount: { label: "Warning from damaged transfers", help: "Damaged transfers counted in two weeks. 0: never." },
    },
    noData: {
      "no-disk-answered": "No disk answered.",
      "no-disk-found": "No disk was found.",
    },
    fields: {
      physicalCount: "Drives",
      "drives.temperatureCelsius": "Temperature",
      "drives.wearPercent": "Used life",
      "drives.availableSparePercent": "Spare",
      "drives.reallocatedCount": "Replaced sectors",
      "drives.pendingCount": "Pending sectors",
      "drives.uncorrectableCount": "Unreadable sectors",
      "drives.mediaErrorCount": "Read errors",
      "drives.transferErrorCount": "Damaged transfers",
      "drives.powerOnSeconds": "Running time",
    },
  },
};
