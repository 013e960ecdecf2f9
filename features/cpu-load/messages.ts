import type { Evidence } from "@hauswart/protocol/check.ts";
import { evidenceText } from "@hauswart/protocol/evidence.ts";
import type { Format } from "@hauswart/protocol/format.ts";
import type { CheckMessageCatalogue } from "@hauswart/protocol/messages.ts";
import type { cpuLoad } from "./protocol.ts";

/** "postgres 45 %, python3 12 %"; empty when no program is named. */
function programs(evidence: Evidence, format: Format): string {
  const read = evidenceText(evidence, format);
  return [1, 2, 3]
    .filter((place) => read.value(`program${place}Percent`) !== undefined)
    .map((place) => `${read.text(`program${place}`)} ${read.percent(`program${place}Percent`)}`)
    .join(", ");
}

export const messages: CheckMessageCatalogue<typeof cpuLoad> = {
  de: {
    name: "Prozessorlast",
    description: "Auslastung der Prozessoren, gemittelt über die Zeit zwischen zwei Messungen.",
    summary: ({ evidence, format }) => {
      const read = evidenceText(evidence, format);
      return `im Mittel ${read.percent("averagePercent")}, höchstens ${read.percent("peakPercent")}`;
    },
    findings: {
      high: {
        title: ({ evidence, format }) => `Prozessor dauerhaft ausgelastet (${evidenceText(evidence, format).percent("averagePercent")})`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          const busiest = programs(evidence, format);
          const stolen =
            (read.value("stolenPercent") ?? 0) >= 10
              ? ` Davon entfallen ${read.percent("stolenPercent")} auf Rechenzeit, die der Host dieses virtuellen Computers anderen gegeben hat.`
              : "";
          return `Die Prozessoren waren im Mittel über ${read.duration("measuredSeconds")} zu ${read.percent("averagePercent")} beschäftigt. Der Computer reagiert langsam.${stolen}${busiest ? ` Am meisten nutzten: ${busiest}.` : ""}`;
        },
        advice: () =>
          "Prüfen Sie, ob die genannten Programme so viel rechnen sollen. Beenden Sie hängende Programme, oder verschieben Sie lange Aufgaben in ruhige Zeiten.",
      },
    },
    settings: {
      processesFromPercent: {
        label: "Programme nennen ab (%)",
        help: "Ab dieser Auslastung nennt der Agent die Programme, die am meisten rechnen.",
      },
      warningAbovePercent: { label: "Warnung über (%)", help: "Wenn die mittlere Auslastung höher ist. 100: nie." },
      failureAbovePercent: { label: "Störung über (%)", help: "Wenn die mittlere Auslastung höher ist. 100: nie." },
    },
    fields: {
      averagePercent: "Mittlere Auslastung",
      peakPercent: "Höchste Auslastung",
      inputOutputWaitPercent: "Warten auf Datenträger",
      stolenPercent: "An andere abgegeben",
      pressurePercent: "Warten auf Rechenzeit",
      measuredSeconds: "Gemessene Zeit",
    },
  },
  en: {
    name: "Processor load",
    description: "Load of the processors, averaged over the time between two measurements.",
    summary: ({ evidence, format }) => {
      const read = evidenceText(evidence, format);
      return `${read.percent("averagePercent")} on average, ${read.percent("peakPercent")} at most`;
    },
    findings: {
      high: {
        title: ({ evidence, format }) => `Processor busy all the time (${evidenceText(evidence, format).percent("averagePercent")})`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          const busiest = programs(evidence, format);
          const stolen =
            (read.value("stolenPercent") ?? 0) >= 10
              ? ` ${read.percent("stolenPercent")} of it is time that the host of this virtual computer gave to others.`
              : "";
          return `Over ${read.duration("measuredSeconds")} the processors were busy for ${read.percent("averagePercent")} of the time. The computer responds slowly.${stolen}${busiest ? ` Most was used by: ${busiest}.` : ""}`;
        },
        advice: () =>
          "Check whether the programs named here should compute that much. End programs that hang, or move long tasks to quiet hours.",
      },
    },
    settings: {
      processesFromPercent: { label: "Name programs from (%)", help: "From this load on the agent names the programs that compute most." },
      warningAbovePercent: { label: "Warning above (%)", help: "When the average load is higher. 100: never." },
      failureAbovePercent: { label: "Failure above (%)", help: "When the average load is higher. 100: never." },
    },
    fields: {
      averagePercent: "Average load",
      peakPercent: "Highest load",
      inputOutputWaitPercent: "Waiting for disks",
      stolenPercent: "Given to others",
      pressurePercent: "Waiting for a processor",
      measuredSeconds: "Measured time",
    },
  },
};
