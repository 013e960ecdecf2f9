import { evidenceText } from "@hauswart/protocol/evidence.ts";
import type { CheckMessageCatalogue, FindingText } from "@hauswart/protocol/messages.ts";
import { volumeSelectionTexts } from "@hauswart/protocol/volume-texts.ts";
import type { diskSpace } from "./protocol.ts";

const daySeconds = 86_400;

/** Which of a volume's verdicts the evidence belongs to shows in what it holds. */
const summary =
  (words: {
    absent: (since: string) => string;
    unreadable: (problem: string) => string;
    fullIn: (days: string) => string;
    inodes: (percent: string) => string;
    space: (percent: string, available: string, total: string) => string;
    mounted: string;
  }): FindingText =>
  ({ evidence, format }) => {
    const read = evidenceText(evidence, format);
    if (read.is("reason", "unreadable")) return words.unreadable(read.text("problem"));
    if (read.is("reason", "absent") || read.value("absentSinceAtMs") !== undefined) return words.absent(read.dateTime("absentSinceAtMs"));
    if (read.value("daysUntilFull") !== undefined) return words.fullIn(format.duration(read.value("daysUntilFull")! * daySeconds));
    if (read.value("availableInodesPercent") !== undefined) return words.inodes(read.percent("availableInodesPercent"));
    if (read.value("availableBytes") === undefined) return words.mounted;
    return words.space(read.percent("availablePercent"), read.bytes("availableBytes"), read.bytes("totalBytes"));
  };

export const messages: CheckMessageCatalogue<typeof diskSpace> = {
  de: {
    name: "Speicherplatz",
    description: "Freier Platz auf jedem Laufwerk: wie viel noch da ist und wie lange er reicht.",
    summary: summary({
      absent: (since) => `nicht vorhanden seit ${since}`,
      unreadable: (problem) => `nicht messbar: ${problem}`,
      fullIn: (days) => `reicht noch etwa ${days}`,
      inodes: (percent) => `${percent} der Inodes frei`,
      space: (percent, available, total) => `${percent} frei (${available} von ${total})`,
      mounted: "eingehängt",
    }),
    findings: {
      "low-space": {
        title: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Laufwerk ${subject} fast voll (${read.percent("availablePercent")} frei)`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Es sind noch ${read.bytes("availableBytes")} von ${read.bytes("totalBytes")} frei. Ist das Laufwerk voll, lassen sich keine Dateien mehr speichern, und Programme, Datenbanken und Aktualisierungen können stehen bleiben.`;
        },
        advice: () =>
          "Löschen oder verschieben Sie, was nicht mehr gebraucht wird, leeren Sie den Papierkorb, oder vergrößern Sie das Laufwerk.",
      },
      "few-inodes": {
        title: ({ subject, evidence, format }) =>
          `Laufwerk ${subject}: kaum noch Platz für weitere Dateien (${evidenceText(evidence, format).percent("availableInodesPercent")} der Inodes frei)`,
        meaning: () =>
          "Das Dateisystem kann nur eine feste Zahl von Dateien aufnehmen, und diese Zahl ist bald erreicht. Dann lässt sich keine neue Datei mehr anlegen, obwohl noch Speicherplatz frei ist.",
        advice: () =>
          "Suchen Sie Ordner mit sehr vielen kleinen Dateien, zum Beispiel Sitzungsdaten, Zwischenspeicher oder eine Mail-Warteschlange, und räumen Sie sie auf.",
      },
      "filling-up": {
        title: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Laufwerk ${subject} reicht nur noch etwa ${format.duration((read.value("daysUntilFull") ?? 0) * daySeconds)}`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `In den letzten ${read.number("observedDays")} Tagen wurden täglich etwa ${read.bytes("bytesPerDay")} mehr belegt. Noch sind ${read.bytes("availableBytes")} frei; bei diesem Tempo ist das Laufwerk danach voll.`;
        },
        advice: () => "Klären Sie, was wächst, etwa Protokolle, Sicherungen oder ein Postfach, und schaffen Sie Platz, bevor es eng wird.",
      },
      "not-mounted": {
        title: ({ subject }) => `Laufwerk ${subject} ist nicht eingehängt`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Das Laufwerk (${read.text("device")}) soll bei jedem Start eingehängt werden und fehlt seit ${read.dateTime("absentSinceAtMs")}. Programme finden ihre Daten nicht, oder sie schreiben sie an den falschen Ort.`;
        },
        advice: () =>
          "Prüfen Sie den Datenträger und seine Verbindung, und hängen Sie ihn wieder ein. Wird er nicht mehr gebraucht, entfernen Sie ihn aus /etc/fstab.",
      },
    },
    settings: {
      ...volumeSelectionTexts.de,
      forgetAbsentDays: {
        label: "Fehlende Laufwerke zeigen (Tage)",
        help: "So lange wird ein Laufwerk als nicht messbar geführt, das es nicht mehr gibt und das in keiner Konfiguration steht. 0: gar nicht.",
      },
      warningBelowPercent: { label: "Warnung unter (%)", help: "Wenn weniger als dieser Anteil des Laufwerks frei ist." },
      failureBelowPercent: { label: "Störung unter (%)", help: "Wenn weniger als dieser Anteil des Laufwerks frei ist." },
      warningBelowBytes: {
        label: "Warnung unter (Menge)",
        help: "Wenn weniger als diese Menge frei ist. Von Anteil und Menge gilt der größere Wert. 0: nur der Anteil gilt.",
      },
      failureBelowBytes: {
        label: "Störung unter (Menge)",
        help: "Wenn weniger als diese Menge frei ist. Von Anteil und Menge gilt der größere Wert. 0: nur der Anteil gilt.",
      },
      warningBelowInodesPercent: { label: "Warnung bei wenigen Inodes (%)", help: "Wenn weniger als dieser Anteil der Inodes frei ist." },
      failureBelowInodesPercent: { label: "Störung bei wenigen Inodes (%)", help: "Wenn weniger als dieser Anteil der Inodes frei ist." },
      warningFullWithinDays: {
        label: "Warnung vor dem Volllaufen (Tage)",
        help: "Wenn das Laufwerk beim Tempo der letzten Tage innerhalb dieser Zeit voll ist. 0: keine Vorhersage.",
      },
      failureFullWithinDays: {
        label: "Störung vor dem Volllaufen (Tage)",
        help: "Wenn das Laufwerk beim Tempo der letzten Tage innerhalb dieser Zeit voll ist. 0: nie.",
      },
      reportNotMounted: {
        label: "Nicht eingehängte Laufwerke melden",
        help: "Fehler, wenn ein Laufwerk fehlt, das beim Start eingehängt werden soll.",
      },
    },
    noData: {
      "no-volume-fits": "Kein Laufwerk passt zu den Einstellungen.",
    },
    fields: {
      "volumes.totalBytes": "Größe",
      "volumes.availableBytes": "Freier Platz",
      "volumes.availableInodesPercent": "Freie Inodes",
    },
  },
  en: {
    name: "Disk space",
    description: "Free space on each volume: how much is left, and how long it will last.",
    summary: summary({
      absent: (since) => `not there since ${since}`,
      unreadable: (problem) => `not measurable: ${problem}`,
      fullIn: (days) => `full in about ${days}`,
      inodes: (percent) => `${percent} of inodes free`,
      space: (percent, available, total) => `${percent} free (${available} of ${total})`,
      mounted: "mounted",
    }),
    findings: {
      "low-space": {
        title: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Volume ${subject} nearly full (${read.percent("availablePercent")} free)`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `${read.bytes("availableBytes")} of ${read.bytes("totalBytes")} are left. Once the volume is full, no file can be saved on it any more, and programs, databases and updates may stop.`;
        },
        advice: () => "Delete or move what is no longer needed, empty the bin, or enlarge the volume.",
      },
      "few-inodes": {
        title: ({ subject, evidence, format }) =>
          `Volume ${subject}: hardly any room for further files (${evidenceText(evidence, format).percent("availableInodesPercent")} of inodes free)`,
        meaning: () =>
          "The file system can hold a fixed number of files, and that number will soon be reached. Then no new file can be made, although there is free space.",
        advice: () => "Look for folders with very many small files, for example session data, caches or a mail queue, and clean them up.",
      },
      "filling-up": {
        title: ({ subject, evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Volume ${subject} full in about ${format.duration((read.value("daysUntilFull") ?? 0) * daySeconds)}`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Over the last ${read.number("observedDays")} days about ${read.bytes("bytesPerDay")} more were used each day. ${read.bytes("availableBytes")} are still free; at this pace the volume will then be full.`;
        },
        advice: () => "Find out what is growing, such as logs, backups or a mailbox, and make room before it gets tight.",
      },
      "not-mounted": {
        title: ({ subject }) => `Volume ${subject} is not mounted`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `The volume (${read.text("device")}) should be mounted at each start and has been missing since ${read.dateTime("absentSinceAtMs")}. Programs do not find their data, or write them to the wrong place.`;
        },
        advice: () => "Check the disk and its connection, and mount it again. If it is no longer needed, remove it from /etc/fstab.",
      },
    },
    settings: {
      ...volumeSelectionTexts.en,
      forgetAbsentDays: {
        label: "Show absent volumes (days)",
        help: "For this long a volume that is gone and stands in no configuration is shown as not measurable. 0: not at all.",
      },
      warningBelowPercent: { label: "Warning below (%)", help: "When less than this share of the volume is free." },
      failureBelowPercent: { label: "Failure below (%)", help: "When less than this share of the volume is free." },
      warningBelowBytes: {
        label: "Warning below (amount)",
        help: "When less than this amount is free. Of share and amount, the larger counts. 0: only the share counts.",
      },
      failureBelowBytes: {
        label: "Failure below (amount)",
        help: "When less than this amount is free. Of share and amount, the larger counts. 0: only the share counts.",
      },
      warningBelowInodesPercent: { label: "Warning at few inodes (%)", help: "When less than this share of the inodes is free." },
      failureBelowInodesPercent: { label: "Failure at few inodes (%)", help: "When less than this share of the inodes is free." },
      warningFullWithinDays: {
        label: "Warning before it is full (days)",
        help: "When the volume will be full within this time at the pace of the last days. 0: no forecast.",
      },
      failureFullWithinDays: {
        label: "Failure before it is full (days)",
        help: "When the volume will be full within this time at the pace of the last days. 0: never.",
      },
      reportNotMounted: {
        label: "Report volumes that are not mounted",
        help: "Failure when a volume is missing that should be mounted at start.",
      },
    },
    noData: {
      "no-volume-fits": "No volume fits the settings.",
    },
    fields: {
      "volumes.totalBytes": "Size",
      "volumes.availableBytes": "Free space",
      "volumes.availableInodesPercent": "Free inodes",
    },
  },
};
