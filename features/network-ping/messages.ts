import { addressFamilyTexts } from "@hauswart/protocol/address-family-texts.ts";
import type { Evidence } from "@hauswart/protocol/check.ts";
import { evidenceText } from "@hauswart/protocol/evidence.ts";
import type { Format } from "@hauswart/protocol/format.ts";
import type { CheckMessageCatalogue, FindingText } from "@hauswart/protocol/messages.ts";
import type { networkPing } from "./protocol.ts";

/** 12 ms; below 10 ms with one digit after the point. */
function milliseconds(evidence: Evidence, format: Format, name: string): string {
  const read = evidenceText(evidence, format);
  const value = read.value(name);
  return value === undefined ? "–" : `${read.number(name, value < 10 ? 1 : 0)} ms`;
}

/** "printer (192.0.2.7)", or the address alone when it is what was asked for. */
function targetOf(evidence: Evidence, format: Format): string {
  const read = evidenceText(evidence, format);
  const [target, address] = [read.text("target"), evidence["address"]];
  return typeof address === "string" && address !== "" && address !== target ? `${target} (${address})` : target;
}

const summary =
  (words: {
    answers: (target: string, trip: string) => string;
    loses: (target: string, loss: string) => string;
    silent: (target: string) => string;
    unreachable: (target: string) => string;
    nameless: (target: string) => string;
  }): FindingText =>
  ({ evidence, format }) => {
    const read = evidenceText(evidence, format);
    const target = read.text("target");
    if (read.is("outcome", "name-unknown")) return words.nameless(target);
    if (read.is("outcome", "reported-unreachable")) return words.unreachable(target);
    if (read.is("outcome", "no-answer")) return words.silent(target);
    if ((read.value("lossPercent") ?? 0) > 0) return words.loses(target, read.percent("lossPercent"));
    return words.answers(target, milliseconds(evidence, format, "roundTripMeanMs"));
  };

export const messages: CheckMessageCatalogue<typeof networkPing> = {
  de: {
    name: "Erreichbarkeit (Ping)",
    description: "Ob ein Gerät über das Netz antwortet, wie schnell, und wie viel unterwegs verloren geht.",
    summary: summary({
      answers: (target, trip) => `${target} antwortet in ${trip}`,
      loses: (target, loss) => `${target}: ${loss} der Pakete verloren`,
      silent: (target) => `${target} antwortet nicht`,
      unreachable: (target) => `${target} ist als nicht erreichbar gemeldet`,
      nameless: (target) => `der Name ${target} ist unbekannt`,
    }),
    findings: {
      unreachable: {
        title: ({ evidence, format }) => `Nicht erreichbar: ${evidenceText(evidence, format).text("target")}`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          if (read.is("outcome", "name-unknown"))
            return `Der Name ${read.text("target")} führt zu keiner Adresse: Er wurde gelöscht, geändert oder ist falsch geschrieben. Wer das Gerät unter diesem Namen benutzt, erreicht es nicht.`;
          const said = read.is("outcome", "reported-unreachable")
            ? " Ein Router oder dieser Computer selbst meldet, dass das Ziel nicht erreichbar ist."
            : "";
          return `${targetOf(evidence, format)} hat auf keines von ${read.number("sentCount")} Paketen geantwortet; dieser Computer selbst hat eine Netzverbindung.${said} Das Gerät ist aus, vom Netz getrennt, hat eine andere Adresse oder beantwortet keine Pings.`;
        },
        advice: () =>
          "Prüfen Sie, ob das Gerät eingeschaltet ist und seine Netzverbindung leuchtet. Antwortet es anderen Computern, liegt es am Weg dorthin oder an einer Firewall.",
      },
      "packet-loss": {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `${read.percent("lossPercent")} der Pakete zu ${read.text("target")} verloren`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Von ${read.number("sentCount")} Paketen an ${targetOf(evidence, format)} wurden ${read.number("receivedCount")} beantwortet. Telefonie stockt, Verbindungen werden langsam oder brechen ab.`;
        },
        advice: () =>
          "Prüfen Sie Kabel, Stecker und Funkempfang auf dem Weg zum Gerät und ob eine Leitung ausgelastet ist. Betrifft es mehrere Ziele, liegt die Ursache nahe bei diesem Computer.",
      },
      slow: {
        title: ({ evidence, format }) =>
          `${evidenceText(evidence, format).text("target")} antwortet langsam (${milliseconds(evidence, format, "roundTripMeanMs")})`,
        meaning: ({ evidence, format }) =>
          `Antworten von ${targetOf(evidence, format)} brauchen im Mittel ${milliseconds(evidence, format, "roundTripMeanMs")}, höchstens ${milliseconds(evidence, format, "roundTripMaxMs")}. Gewünscht sind höchstens ${milliseconds(evidence, format, "slowWarningMs")}.`,
        advice: () => "Prüfen Sie, ob die Leitung oder das Gerät ausgelastet ist, und vergleichen Sie mit anderen Zielen im selben Netz.",
      },
    },
    settings: {
      target: { label: "Ziel", help: "Name oder Adresse des Geräts. Leer: der Name dieser Instanz." },
      family: addressFamilyTexts.de,
      packets: { label: "Pakete je Messung", help: "Mehr Pakete messen Verlust genauer, belasten das Netz aber mehr." },
      answerWithinMs: { label: "Antwort innerhalb von (ms)", help: "Was später kommt, zählt als verloren." },
      lossWarningPercent: { label: "Warnung bei Verlust über (%)", help: "Wenn ein größerer Teil der Pakete verloren geht. 100: nie." },
      lossFailurePercent: {
        label: "Störung bei Verlust über (%)",
        help: "Wenn ein größerer Teil der Pakete verloren geht. 100: nur wenn alle verloren gehen.",
      },
      slowWarningMs: { label: "Warnung bei Antwortzeit über (ms)", help: "Wenn Antworten im Mittel länger brauchen. 0: nie." },
    },
    noData: {
      "no-target": "Es ist kein Ziel eingestellt.",
      "no-connection": "Dieser Computer hat selbst keine Netzverbindung und sagt deshalb nichts über das Ziel.",
      "no-name-server": "Der Name des Ziels ließ sich nicht auflösen: Kein Nameserver hat geantwortet.",
      "no-route": "Dieser Computer hat keinen Weg zum Ziel und sagt deshalb nichts darüber.",
    },
    fields: {
      sentCount: "Gesendet",
      receivedCount: "Beantwortet",
      lossPercent: "Verlust",
      roundTripMeanMs: "Antwortzeit im Mittel (ms)",
      roundTripMinMs: "Kürzeste Antwortzeit (ms)",
      roundTripMaxMs: "Längste Antwortzeit (ms)",
    },
  },
  en: {
    name: "Reachability (ping)",
    description: "Whether a device answers over the network, how quickly, and how much gets lost on the way.",
    summary: summary({
      answers: (target, trip) => `${target} answers in ${trip}`,
      loses: (target, loss) => `${target}: ${loss} of the packets lost`,
      silent: (target) => `${target} does not answer`,
      unreachable: (target) => `${target} is reported unreachable`,
      nameless: (target) => `the name ${target} is not known`,
    }),
    findings: {
      unreachable: {
        title: ({ evidence, format }) => `Not reachable: ${evidenceText(evidence, format).text("target")}`,
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          if (read.is("outcome", "name-unknown"))
            return `The name ${read.text("target")} leads to no address: it was deleted, changed or is misspelt. Whoever uses the device by this name does not reach it.`;
          const said = read.is("outcome", "reported-unreachable")
            ? " A router, or this computer itself, reports that the target cannot be reached."
            : "";
          return `${targetOf(evidence, format)} answered none of ${read.number("sentCount")} packets; this computer itself is connected.${said} The device is off, cut off from the network, has another address or does not answer pings.`;
        },
        advice: () =>
          "Check whether the device is on and the light of its network connection is lit. If it answers other computers, the cause is the way to it or a firewall.",
      },
      "packet-loss": {
        title: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `${read.percent("lossPercent")} of the packets to ${read.text("target")} lost`;
        },
        meaning: ({ evidence, format }) => {
          const read = evidenceText(evidence, format);
          return `Of ${read.number("sentCount")} packets to ${targetOf(evidence, format)}, ${read.number("receivedCount")} were answered. Telephony falters, connections become slow or break.`;
        },
        advice: () =>
          "Check cables, plugs and radio reception on the way to the device, and whether a line is fully used. If several targets are concerned, the cause is close to this computer.",
      },
      slow: {
        title: ({ evidence, format }) =>
          `${evidenceText(evidence, format).text("target")} answers slowly (${milliseconds(evidence, format, "roundTripMeanMs")})`,
        meaning: ({ evidence, format }) =>
          `Answers of ${targetOf(evidence, format)} take ${milliseconds(evidence, format, "roundTripMeanMs")} on average, ${milliseconds(evidence, format, "roundTripMaxMs")} at most. Wanted are ${milliseconds(evidence, format, "slowWarningMs")} at most.`,
        advice: () => "Check whether the line or the device is fully used, and compare with other targets in the same network.",
      },
    },
    settings: {
      target: { label: "Target", help: "Name or address of the device. Empty: the name of this instance." },
      family: addressFamilyTexts.en,
      packets: { label: "Packets per measurement", help: "More packets measure loss more precisely, and load the network more." },
      answerWithinMs: { label: "Answer within (ms)", help: "What comes later counts as lost." },
      lossWarningPercent: { label: "Warning at loss above (%)", help: "When a larger share of the packets is lost. 100: never." },
      lossFailurePercent: {
        label: "Failure at loss above (%)",
        help: "When a larger share of the packets is lost. 100: only when all are lost.",
      },
      slowWarningMs: { label: "Warning at answers above (ms)", help: "When answers take longer on average. 0: never." },
    },
    noData: {
      "no-target": "No target is set.",
      "no-connection": "This computer has no network connection of its own, so it says nothing about the target.",
      "no-name-server": "The name of the target could not be resolved: no name server answered.",
      "no-route": "This computer has no route to the target, so it says nothing about it.",
    },
    fields: {
      sentCount: "Sent",
      receivedCount: "Answered",
      lossPercent: "Loss",
      roundTripMeanMs: "Mean time until the answer (ms)",
      roundTripMinMs: "Shortest time until the answer (ms)",
      roundTripMaxMs: "Longest time until the answer (ms)",
    },
  },
};
