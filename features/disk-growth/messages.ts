import type { Evidence } from "@hauswart/protocol/check.ts";
import { evidenceText, type EvidenceText } from "@hauswart/protocol/evidence.ts";
import type { Format } from "@hauswart/protocol/format.ts";
import type { CheckMessageCatalogue, FindingText } from "@hauswart/protocol/messages.ts";
import { volumeSelectionTexts } from "@hauswart/protocol/volume-texts.ts";
import type { diskGrowth } from "./protocol.ts";

/** Abbreviated, because German would need another ending after "in". */
const hours = (read: EvidenceText) =>
  `${read.value("observedHours") && read.value("observedHours")! < 1 ? "< 1" : read.number("observedHours")} h`;

/** "/var/log (12 GB), /home (3 GB)"; empty when the agent names none. */
function folders(evidence: Evidence, format: Format): string {
  const read = evidenceText(evidence, format);
  return [1, 2, 3]
    .filter((place) => read.value(`folder${place}Bytes`) !== undefined)
    .map((place) => `${read.text(`folder${place}`)} (${read.bytes(`folder${place}Bytes`)})`)
    .join(", ");
}

/** A sentence with a blank before it, or nothing. */
function written(evidence: Evidence, format: Format, language: "de" | "en"): string {
  const named = folders(evidence, format);
  if (!named) return "";
  const isPartial = evidence["foldersPartial"] === true;
  if (language === "de")
    return ` Am meisten geschrieben wurde in: ${named}.${isPartial ? " Nicht alle Ordner konnten angesehen werden." : ""}`;
  return ` Most was written in: ${named}.${isPartial ? " Not all folders could be looked into." : ""}`;
}

const summary =
  (words: {
    unreadable: (problem: string) => string;
    firstValue: string;
    grown: (amount: string, period: string) => string;
    shrunk: (amount: string, period: string) => string;
  }): FindingText =>
  ({ evidence, format }) => {
    const read = evidenceText(evidence, format);
    if (read.is("reason", "unreadable")) return words.unreadable(read.text("problem"));
    if (read.is("reason", "first-value")) return words.firstValue;
    const grown = read.value("grownBytes") ?? 0;
    const period = hours(read);
    return grown < 0 ? words.shrunk(format.bytes(-grown), period) : words.grown(read.bytes("grownBytes"), period);
  };

export const messages: CheckMessageCatalogue<typeof diskGrowth> = {
  de: {
    name: "Datenwachstum",
    description: "Wie stark die Daten auf jedem Laufwerk in den letzten 24 Stunden gewachsen sind.",
    summary: summary({
      unreadable: (problem) => `nicht messbar: ${problem}`,
      firstValue: "erster Wert; zum Vergleichen fehlt noch ein zweiter",
      grown: (amount, period) => `${amount} mehr in ${period}`,
      shrunk: (amount, period) => `${amount} weniger in ${period}`,
    }),
    findings: {
      "fast-growth": {
        title: ({ subject, evidence, format }) =>
          `Laufwerk ${subject}: Daten ungewöhnlich stark gewachsen (${evidenceText(evidence, format).bytes("grownBytes")} mehr)`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `In ${hours(read)} sind ${read.bytes("grownBytes")} hinzugekommen, das sind ${read.percent("grownPercent")} des Laufwerks. Das kann ein gewollter großer Kopiervorgang sein, ein Programm, das unablässig schreibt, oder Schadsoftware, die Daten verschlüsselt.${written(evidence, format, "de")}`;
        },
        advice: ({ evidence, format }) =>
          `${folders(evidence, format) ? "Klären Sie, ob das gewollt war." : "Klären Sie, welche Ordner gewachsen sind und ob das gewollt war."} Wächst ein Protokoll oder eine Sicherung, begrenzen Sie sie.`,
      },
    },
    settings: {
      ...volumeSelectionTexts.de,
      foldersFromBytes: {
        label: "Ordner nennen ab",
        help: "Sind die Daten binnen eines Tages um diese Menge gewachsen, sieht der Agent nach, in welche Ordner am meisten geschrieben wurde. 0 = nie.",
      },
      warningAbovePercent: {
        label: "Warnung über (% des Laufwerks)",
        help: "Wenn die Daten in 24 Stunden um mehr als diesen Anteil der Laufwerksgröße gewachsen sind.",
      },
      failureAbovePercent: {
        label: "Störung über (% des Laufwerks)",
        help: "Wenn die Daten in 24 Stunden um mehr als diesen Anteil der Laufwerksgröße gewachsen sind.",
      },
      warningAboveBytes: {
        label: "Warnung über (Menge)",
        help: "Wenn die Daten in 24 Stunden um mehr als diese Menge gewachsen sind. Von Anteil und Menge gilt der größere Wert; sind beide 0, wird nicht gewarnt.",
      },
      failureAboveBytes: {
        label: "Störung über (Menge)",
        help: "Wenn die Daten in 24 Stunden um mehr als diese Menge gewachsen sind. Von Anteil und Menge gilt der größere Wert; sind beide 0, gibt es keinen Fehler.",
      },
    },
    noData: {
      "no-volume-fits": "Kein Laufwerk passt zu den Einstellungen.",
    },
    fields: {
      "volumes.totalBytes": "Größe",
      "volumes.usedBytes": "Belegter Platz",
    },
  },
  en: {
    name: "Data growth",
    description: "How much the data on each volume have grown in the last 24 hours.",
    summary: summary({
      unreadable: (problem) => `not measurable: ${problem}`,
      firstValue: "first value; a second one to compare with is still to come",
      grown: (amount, period) => `${amount} more in ${period}`,
      shrunk: (amount, period) => `${amount} less in ${period}`,
    }),
    findings: {
      "fast-growth": {
        title: ({ subject, evidence, format }) =>
          `Volume ${subject}: data have grown unusually fast (${evidenceText(evidence, format).bytes("grownBytes")} more)`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `${read.bytes("grownBytes")} were added in ${hours(read)}, which is ${read.percent("grownPercent")} of the volume. That may be an intended large copy, a program that writes without end, or malware that encrypts data.${written(evidence, format, "en")}`;
        },
        advice: ({ evidence, format }) =>
          `${folders(evidence, format) ? "Find out whether that was intended." : "Find out which folders have grown and whether that was intended."} If it is a log or a backup, limit it.`,
      },
    },
    settings: {
      ...volumeSelectionTexts.en,
      foldersFromBytes: {
        label: "Name folders from",
        help: "When the data have grown by this amount within a day, the agent looks which folders most was written to. 0 = never.",
      },
      warningAbovePercent: {
        label: "Warning above (% of the volume)",
        help: "When the data have grown by more than this share of the volume's size in 24 hours.",
      },
      failureAbovePercent: {
        label: "Failure above (% of the volume)",
        help: "When the data have grown by more than this share of the volume's size in 24 hours.",
      },
      warningAboveBytes: {
        label: "Warning above (amount)",
        help: "When the data have grown by more than this amount in 24 hours. Of share and amount, the larger counts; if both are 0, there is no warning.",
      },
      failureAboveBytes: {
        label: "Failure above (amount)",
        help: "When the data have grown by more than this amount in 24 hours. Of share and amount, the larger counts; if both are 0, there is no failure.",
      },
    },
    noData: {
      "no-volume-fits": "No volume fits the settings.",
    },
    fields: {
      "volumes.totalBytes": "Size",
      "volumes.usedBytes": "Used space",
    },
  },
};
