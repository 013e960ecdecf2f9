import type { Evidence } from "@hauswart/protocol/check.ts";
import { evidenceText } from "@hauswart/protocol/evidence.ts";
import type { Format } from "@hauswart/protocol/format.ts";
import type { CheckMessageCatalogue, FindingText } from "@hauswart/protocol/messages.ts";
import type { memory } from "./protocol.ts";

/** "firefox 4.1 GB, java 2.3 GB"; empty when no program is named. */
function programs(evidence: Evidence, format: Format): string {
  const read = evidenceText(evidence, format);
  return [1, 2, 3]
    .filter((place) => read.value(`program${place}Bytes`) !== undefined)
    .map((place) => `${read.text(`program${place}`)} ${read.bytes(`program${place}Bytes`)}`)
    .join(", ");
}

/** Which verdict the evidence belongs to shows in what it holds. */
const summary =
  (words: {
    memory: (percent: string, available: string, total: string) => string;
    swap: (percent: string) => string;
    commit: (percent: string) => string;
    noSize: string;
  }): FindingText =>
  ({ evidence, format }) => {
    const read = evidenceText(evidence, format);
    if (read.is("reason", "no-size")) return words.noSize;
    if (read.value("swapUsedPercent") !== undefined) return words.swap(read.percent("swapUsedPercent"));
    if (read.value("committedPercent") !== undefined) return words.commit(read.percent("committedPercent"));
    return words.memory(read.percent("availablePercent"), read.bytes("availableBytes"), read.bytes("totalBytes"));
  };

export const messages: CheckMessageCatalogue<typeof memory> = {
  de: {
    name: "Arbeitsspeicher",
    description: "Verfügbarer Arbeitsspeicher und Auslagerungsspeicher, gemittelt über die Zeit zwischen zwei Messungen.",
    summary: summary({
      memory: (percent, available, total) => `${percent} verfügbar (${available} von ${total})`,
      swap: (percent) => `Auslagerungsspeicher zu ${percent} belegt`,
      commit: (percent) => `${percent} des zusagbaren Speichers zugesagt`,
      noSize: "nicht messbar: das System nennt keine Speichergröße",
    }),
    findings: {
      low: {
        title: ({ evidence, format }) => `Arbeitsspeicher knapp (${evidenceText(evidence, format).percent("availablePercent")} verfügbar)`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          const largest = programs(evidence, format);
          return `Im Mittel waren nur ${read.bytes("availableBytes")} von ${read.bytes("totalBytes")} verfügbar, zeitweise nur ${read.bytes("lowestAvailableBytes")}. Programme werden langsam oder vom System beendet.${largest ? ` Am meisten belegten: ${largest}.` : ""}`;
        },
        advice: () =>
          "Schließen Sie Programme, die nicht gebraucht werden. Braucht die tägliche Arbeit so viel, bauen Sie mehr Arbeitsspeicher ein.",
      },
      swap: {
        title: ({ evidence, format }) =>
          `Auslagerungsspeicher fast voll (${evidenceText(evidence, format).percent("swapUsedPercent")} belegt)`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Arbeitsspeicher und Auslagerungsspeicher gehen zugleich zur Neige: ${read.bytes("availableBytes")} sind noch verfügbar, ${read.bytes("swapUsedBytes")} von ${read.bytes("swapTotalBytes")} ausgelagert. Danach beendet das System Programme.`;
        },
        advice: () => "Schließen Sie Programme, die viel Speicher belegen, oder erweitern Sie Arbeitsspeicher oder Auslagerungsspeicher.",
      },
      commit: {
        title: ({ evidence, format }) =>
          `Kaum noch Speicher zuzusagen (${evidenceText(evidence, format).percent("committedPercent")} vergeben)`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Das System hat Programmen ${read.bytes("committedBytes")} von höchstens ${read.bytes("commitLimitBytes")} zugesagt. Ist die Grenze erreicht, bekommen Programme keinen Speicher mehr und brechen ab.`;
        },
        advice: () => "Vergrößern Sie den Auslagerungsspeicher, oder beenden Sie Programme, die viel Speicher anfordern.",
      },
    },
    settings: {
      processesBelowPercent: {
        label: "Programme nennen unter (%)",
        help: "Ist weniger als dieser Anteil verfügbar, nennt der Agent die Programme, die am meisten belegen.",
      },
      warningBelowPercent: {
        label: "Warnung unter (%)",
        help: "Wenn im Mittel weniger als dieser Anteil des Arbeitsspeichers verfügbar ist.",
      },
      failureBelowPercent: {
        label: "Störung unter (%)",
        help: "Wenn im Mittel weniger als dieser Anteil des Arbeitsspeichers verfügbar ist.",
      },
      swapWarningAbovePercent: {
        label: "Warnung bei Auslagerung über (%)",
        help: "Wenn mehr als dieser Anteil des Auslagerungsspeichers belegt und zugleich der Arbeitsspeicher knapp ist. 100: nie.",
      },
      swapOnlyBelowPercent: {
        label: "Auslagerung zählt unter (%)",
        help: "Belegter Auslagerungsspeicher zählt nur, wenn weniger als dieser Anteil des Arbeitsspeichers verfügbar ist.",
      },
      commitWarningAbovePercent: {
        label: "Warnung bei Zusagen über (%)",
        help: "Wenn mehr als dieser Anteil des zusagbaren Speichers vergeben ist, sofern das System die Grenze einhält. 100: nie.",
      },
    },
    fields: {
      availableBytes: "Verfügbar",
      lowestAvailableBytes: "Am wenigsten verfügbar",
      swapUsedBytes: "Ausgelagert",
      committedBytes: "Zugesagt",
      pressurePercent: "Warten auf Speicher",
      measuredSeconds: "Gemessene Zeit",
    },
  },
  en: {
    name: "Memory",
    description: "Available memory and swap space, averaged over the time between two measurements.",
    summary: summary({
      memory: (percent, available, total) => `${percent} available (${available} of ${total})`,
      swap: (percent) => `${percent} of swap space used`,
      commit: (percent) => `${percent} of the memory that can be promised is promised`,
      noSize: "not measurable: the system tells no size of its memory",
    }),
    findings: {
      low: {
        title: ({ evidence, format }) => `Memory short (${evidenceText(evidence, format).percent("availablePercent")} available)`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          const largest = programs(evidence, format);
          return `On average only ${read.bytes("availableBytes")} of ${read.bytes("totalBytes")} were available, at times only ${read.bytes("lowestAvailableBytes")}. Programs become slow or are ended by the system.${largest ? ` Most was held by: ${largest}.` : ""}`;
        },
        advice: () => "Close programs that are not needed. If the daily work needs that much, add memory.",
      },
      swap: {
        title: ({ evidence, format }) => `Swap space nearly full (${evidenceText(evidence, format).percent("swapUsedPercent")} used)`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Memory and swap space run out together: ${read.bytes("availableBytes")} are still available, ${read.bytes("swapUsedBytes")} of ${read.bytes("swapTotalBytes")} are swapped out. After that the system ends programs.`;
        },
        advice: () => "Close programs that hold much memory, or add memory or swap space.",
      },
      commit: {
        title: ({ evidence, format }) =>
          `Hardly any memory left to promise (${evidenceText(evidence, format).percent("committedPercent")} promised)`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `The system has promised ${read.bytes("committedBytes")} of at most ${read.bytes("commitLimitBytes")} to programs. Once the limit is reached, programs get no more memory and fail.`;
        },
        advice: () => "Enlarge the swap space, or end programs that ask for much memory.",
      },
    },
    settings: {
      processesBelowPercent: {
        label: "Name programs below (%)",
        help: "When less than this share is available, the agent names the programs that hold most.",
      },
      warningBelowPercent: { label: "Warning below (%)", help: "When on average less than this share of the memory is available." },
      failureBelowPercent: { label: "Failure below (%)", help: "When on average less than this share of the memory is available." },
      swapWarningAbovePercent: {
        label: "Warning at swap above (%)",
        help: "When more than this share of the swap space is used while memory is short too. 100: never.",
      },
      swapOnlyBelowPercent: {
        label: "Swap counts below (%)",
        help: "Used swap space counts only while less than this share of the memory is available.",
      },
      commitWarningAbovePercent: {
        label: "Warning at promises above (%)",
        help: "When more than this share of what can be promised is promised, where the system keeps the limit. 100: never.",
      },
    },
    fields: {
      availableBytes: "Available",
      lowestAvailableBytes: "Least available",
      swapUsedBytes: "Swapped out",
      committedBytes: "Promised",
      pressurePercent: "Waiting for memory",
      measuredSeconds: "Measured time",
    },
  },
};
