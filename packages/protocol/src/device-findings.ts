/**
 * Findings about a device as such, raised by the server and not by a check. In the database their check id is `device`.
 */
import type { Evidence, FindingDefinition } from "./check.ts";
import type { Language } from "./format.ts";
import type { FindingMessages } from "./messages.ts";
import { certainties, offlineClues, offlineReasons } from "./why-offline.ts";
import { whyOfflineTexts } from "./why-offline-texts.ts";

/** Check id under which these findings stand. */
export const deviceCheckId = "device";

export const deviceFindings = {
  silent: { description: "The agent has not been heard of for longer than promised, without an orderly shutdown.", raises: ["failure"] },
  cloned: { description: "Two computers use the same agent key.", raises: ["failure"] },
  "ran-backwards": { description: "The agent's data ran backwards: a disk snapshot was restored.", raises: ["warning"] },
  "update-failed": { description: "The agent could not update itself; the version of before runs on.", raises: ["warning"] },
  "agent-outdated": { description: "The agent lacks a release that has been out for three months.", raises: ["warning"] },
  "clock-wrong": { description: "The computer's clock is off by more than five minutes.", raises: ["warning"] },
  "message-quarantined": { description: "A message of the agent could not be stored and was put aside.", raises: ["failure"] },
  "samples-dropped": { description: "The agent's buffer was full; the oldest samples were given up.", raises: ["warning"] },
} as const satisfies Record<string, FindingDefinition>;

export type DeviceFindingCode = keyof typeof deviceFindings;

/** What was decided about a device that is silent; undefined for findings from before anything was. */
function whyOf(evidence: Evidence, language: Language) {
  const { why, certainty, clues, sleptFromMs, sleptUntilMs } = evidence;
  const reason = offlineReasons.find((one) => one === why);
  const sure = certainties.find((one) => one === certainty);
  if (!reason || !sure) return undefined;
  const texts = whyOfflineTexts[language];
  const because = String(clues ?? "")
    .split(" ")
    .flatMap((clue) => offlineClues.filter((one) => one === clue))
    .map((clue) => texts.clues[clue]);
  return {
    reason: texts.reasons[reason],
    certainty: texts.certainties[sure],
    advice: texts.advice[reason],
    because: because.length > 0 ? texts.because(because) : "",
    slept: typeof sleptFromMs === "number" && typeof sleptUntilMs === "number" ? { fromMs: sleptFromMs, untilMs: sleptUntilMs } : undefined,
  };
}

const text = (value: unknown) => (typeof value === "string" ? value : "");
const number = (value: unknown) => (typeof value === "number" ? value : 0);

export const deviceFindingMessages: Readonly<Record<Language, Readonly<Record<DeviceFindingCode, FindingMessages>>>> = {
  de: {
    silent: {
      title: ({ evidence, format }) => {
        const why = whyOf(evidence, "de");
        const last = format.dateTime(number(evidence["lastSeenAtMs"]));
        if (why?.slept) return `War im Energiesparmodus, ${format.dateTime(why.slept.fromMs)} bis ${format.dateTime(why.slept.untilMs)}`;
        return why
          ? `Meldet sich nicht mehr: ${why.reason} (${why.certainty}), zuletzt ${last}`
          : `Meldet sich nicht mehr, zuletzt ${last}`;
      },
      meaning: ({ evidence }) =>
        `Solange sich der Agent nicht meldet, wird dieses Gerät nicht überwacht. ${whyOf(evidence, "de")?.because ?? "Ob es ausgefallen ist oder nur keine Verbindung hat, lässt sich von hier aus nicht sagen."}`.trim(),
      advice: ({ evidence }) => whyOf(evidence, "de")?.advice ?? whyOfflineTexts.de.advice.unknown,
    },
    cloned: {
      title: () => "Derselbe Agent läuft auf zwei Computern",
      meaning: () =>
        "Zwei Computer weisen sich mit demselben Schlüssel aus, vermutlich nach dem Kopieren eines Datenträgers. Von beiden werden keine Messwerte angenommen, bis sie neu angemeldet sind; die Agenten heben ihre Werte auf.",
      advice: () => "Melden Sie beide Computer mit einem neuen Token an: hauswart-agent enrol.",
    },
    "ran-backwards": {
      title: () => "Computer auf einen früheren Stand zurückgesetzt",
      meaning: () =>
        "Die Daten des Agenten sind älter als das, was er schon gesendet hat. Das geschieht, wenn ein Schnappschuss oder eine Sicherung des ganzen Computers zurückgespielt wird.",
      advice: () => "War das Zurücksetzen gewollt, bestätigen Sie den Befund. Sonst klären Sie, wer es veranlasst hat.",
    },
    "clock-wrong": {
      title: ({ evidence, format }) =>
        `Uhr geht ${format.duration(Math.abs(number(evidence["offsetSeconds"])))} ${number(evidence["offsetSeconds"]) > 0 ? "vor" : "nach"}`,
      meaning: () => "Eine falsche Uhr stört Anmeldung, Zertifikate und Protokolle. Die Messzeiten rechnet Hauswart um.",
      advice: () => "Prüfen Sie die Zeitsynchronisation des Computers.",
    },
    "update-failed": {
      title: ({ evidence }) => `Agent ließ sich nicht auf ${text(evidence["version"])} aktualisieren (${text(evidence["code"])})`,
      meaning: ({ evidence }) =>
        `${evidence["rolledBack"] === true ? "Die neue Version wurde zurückgenommen; die" : "Die"} bisherige überwacht das Gerät weiter.${text(evidence["detail"]) ? ` Der Agent meldet: ${text(evidence["detail"])}` : ""}`,
      advice: () => "Hauswart versucht es nach einem Tag noch einmal. Was der Code bedeutet, steht in docs/agent-updates.md.",
    },
    "agent-outdated": {
      title: ({ evidence }) => `Agent ist veraltet: ${text(evidence["version"])}, erschienen ist ${text(evidence["newest"])}`,
      meaning: () => "Diesem Agenten fehlen Verbesserungen, die seit mehr als drei Monaten verfügbar sind.",
      advice: () => "Prüfen Sie auf der Seite der Agenten, ob die Verteilung angehalten ist, oder installieren Sie den Agenten neu.",
    },
    "message-quarantined": {
      title: () => "Eine Nachricht des Agenten ließ sich nicht speichern",
      meaning: () => "Sie liegt in Quarantäne und ist nicht verloren, aber ihre Messwerte fehlen.",
      advice: () => "Sehen Sie im Protokoll des Servers nach dem Grund.",
    },
    "samples-dropped": {
      title: ({ evidence, format }) => `${format.number(number(evidence["samples"]))} Messungen nicht aufgehoben`,
      meaning: () => "Der Agent war so lange ohne Verbindung, dass sein Zwischenspeicher voll wurde. Die ältesten Messungen fehlen.",
      advice: () => "Prüfen Sie die Verbindung des Computers zum Server.",
    },
  },
  en: {
    silent: {
      title: ({ evidence, format }) => {
        const why = whyOf(evidence, "en");
        if (why?.slept) return `Was asleep from ${format.dateTime(why.slept.fromMs)} to ${format.dateTime(why.slept.untilMs)}`;
        const since = `Silent since ${format.dateTime(number(evidence["lastSeenAtMs"]))}`;
        return why ? `${since}: ${why.reason} (${why.certainty})` : since;
      },
      meaning: ({ evidence }) =>
        `While the agent is silent, this device is not watched. ${whyOf(evidence, "en")?.because ?? "Whether it is down or only cut off cannot be told from here."}`.trim(),
      advice: ({ evidence }) => whyOf(evidence, "en")?.advice ?? whyOfflineTexts.en.advice.unknown,
    },
    cloned: {
      title: () => "The same agent runs on two computers",
      meaning: () =>
        "Two computers prove the same key, probably because a disk was copied. No values are taken from either until they are enrolled anew; the agents keep theirs.",
      advice: () => "Enrol both computers with a new token: hauswart-agent enrol.",
    },
    "ran-backwards": {
      title: () => "Computer was set back to an earlier state",
      meaning: () =>
        "The agent's data are older than what it has already sent. That happens when a snapshot or a backup of the whole computer is restored.",
      advice: () => "If the restore was intended, acknowledge this finding. Otherwise find out who did it.",
    },
    "clock-wrong": {
      title: ({ evidence, format }) =>
        `Clock is ${format.duration(Math.abs(number(evidence["offsetSeconds"])))} ${number(evidence["offsetSeconds"]) > 0 ? "fast" : "slow"}`,
      meaning: () => "A wrong clock disturbs sign-in, certificates and logs. Hauswart corrects the times of the measurements.",
      advice: () => "Check the computer's time synchronisation.",
    },
    "update-failed": {
      title: ({ evidence }) => `Agent could not be updated to ${text(evidence["version"])} (${text(evidence["code"])})`,
      meaning: ({ evidence }) =>
        `${evidence["rolledBack"] === true ? "The new version was taken back; the" : "The"} one of before goes on watching the device.${text(evidence["detail"]) ? ` The agent says: ${text(evidence["detail"])}` : ""}`,
      advice: () => "Hauswart tries again after a day. What the code means stands in docs/agent-updates.md.",
    },
    "agent-outdated": {
      title: ({ evidence }) => `Agent is outdated: ${text(evidence["version"])}, released is ${text(evidence["newest"])}`,
      meaning: () => "This agent lacks improvements that have been available for more than three months.",
      advice: () => "See on the agents' page whether the rollout is halted, or install the agent anew.",
    },
    "message-quarantined": {
      title: () => "A message of the agent could not be stored",
      meaning: () => "It lies in quarantine and is not lost, but its values are missing.",
      advice: () => "Look for the reason in the server's log.",
    },
    "samples-dropped": {
      title: ({ evidence, format }) => `${format.number(number(evidence["samples"]))} measurements not kept`,
      meaning: () => "The agent was cut off for so long that its buffer ran full. The oldest measurements are missing.",
      advice: () => "Check the computer's connection to the server.",
    },
  },
};
