import { countIn } from "../count.ts";

const count = countIn("de-DE");
const findings = (amount: number) => count(amount, "Befund", "Befunde");
const devices = (amount: number) => count(amount, "Gerät", "Geräten");

/** What damps a check, and the threshold time machine. */
export const replay = {
  damping: {
    badForMinutes: "Erst melden, wenn es so lange schlecht ist",
    badForMinutesHelp: "Minuten. Kürzere Aussetzer melden nichts. Zeiten ohne Messung zählen nicht mit.",
    goodSamples: "Gute Messungen bis zur Entwarnung",
    goodSamplesHelp: "So viele gute Messungen hintereinander braucht es, bis ein Befund endet. 1 entwarnt sofort.",
    goodForMinutes: "Erst entwarnen, wenn es so lange gut ist",
    goodForMinutesHelp: "Minuten. Wer gleich wieder schlecht wird, bleibt derselbe Befund.",
    recoverAt: "Erst entwarnen bei anderen Werten",
    recoverAtHelp: "Ein offener Befund endet erst, wenn der Wert diese Schwellen einhält. So pendelt nichts um eine Schwelle.",
    recoverAtNone: "bei denselben Schwellen",
    flapping: "Flattern zusammenfassen",
    flappingHelp: "Was häufiger auf- und zugeht, wird ein einziger Befund, der offen bleibt, bis Ruhe ist. Gemeldet wird er einmal.",
    flappingNone: "jedes Auf und Zu wird gemeldet",
    flappingOff: "Jedes Auf und Zu melden",
    openings: "Befunde höchstens",
    withinMinutes: "binnen Minuten",
    calmMinutes: "Ruhe nach Minuten",
    atOnce: "sofort",
    minutes: (minutes: string) => `${minutes} Minuten`,
  },
  title: "An der Vergangenheit ausprobieren",
  help: "Spielt die gespeicherten Messungen mit diesem Entwurf noch einmal durch. Gespeichert und gemeldet wird dabei nichts.",
  days: "Zeitraum",
  dayCount: (days: number) => `letzte ${days} Tage`,
  start: "Ausprobieren",
  again: "Noch einmal ausprobieren",
  cancel: "Abbrechen",
  waiting: "Wartet, bis ein anderer Durchlauf fertig ist …",
  running: (done: number, all: number) => `${done} von ${all} Geräten durchgespielt`,
  cancelled: "Abgebrochen.",
  failed: "Der Durchlauf ist fehlgeschlagen. Starten Sie ihn noch einmal; das Protokoll des Servers nennt den Grund.",
  outdated: "Der Entwurf hat sich seitdem geändert.",
  noDevices: "Der Entwurf erreicht kein Gerät, auf dem diese Prüfung schon einmal lief.",
  noSamples: "In dieser Zeit wurde auf keinem Gerät gemessen.",
  nothing: (days: number) => `Hätte in ${days} Tagen nichts gemeldet.`,
  fired: (amount: number, on: number, days: number) => `Hätte in ${days} Tagen ${findings(amount)} auf ${devices(on)} gemeldet`,
  short: (amount: number, minutes: number) =>
    amount === 1 ? `davon war einer binnen ${minutes} Minuten vorbei` : `davon waren ${amount} binnen ${minutes} Minuten vorbei`,
  held: (amount: number) =>
    amount === 1
      ? "Ein Befund in einem Wartungsfenster oder während eines Ausfalls ist nicht mitgezählt: Er wäre niemandem gemeldet worden."
      : `${findings(amount)} in Wartungsfenstern oder während Ausfällen sind nicht mitgezählt: Sie wären niemandem gemeldet worden.`,
  now: (amount: number) => `mit den geltenden Einstellungen: ${findings(amount)}`,
  measured: (devicesMeasured: number, all: number, percent: string) =>
    `Gemessen wurde auf ${devicesMeasured} von ${all} Geräten, ${percent} der Zeit. Lücken zählen weder gut noch schlecht.`,
  notJudged: (samples: number) => `${count(samples, "Messung ließ", "Messungen ließen")} sich nicht beurteilen.`,
  suggestion: "Vorschlag",
  suggestions: {
    duration: (minutes: number) => `Erst nach ${minutes} Minuten melden`,
    "recovery-time": (minutes: number) => `Erst entwarnen, wenn es ${minutes} Minuten gut ist`,
    "recovery-value": (values: string) => `Erst entwarnen bei ${values}`,
    flapping: (openings: number, within: number) => `Mehr als ${openings} Befunde binnen ${within} Minuten als Flattern zusammenfassen`,
  },
  reason: {
    duration: (spared: number, short: number, lasting: number) =>
      `die kürzeste Wartezeit, die ${spared} von ${short} kurzen Befunden erspart; ${lasting === 1 ? "der eine, der dauerte, bleibt" : `alle ${lasting}, die dauerten, bleiben`}`,
    hold: (left: number, before: number) => `${findings(left)} statt ${before}; keiner, der dauerte, geht verloren`,
  },
  take: "Übernehmen",
  proposal: {
    searching: "Der Vorschlag wird an der Vergangenheit gesucht …",
    filled: (words: string) => `Vorschlag eingesetzt: ${words}. Gespeichert ist noch nichts; unten steht, was er bewirkt hätte.`,
    none: "Die Vergangenheit gibt keinen Vorschlag her: Dauer oder Hysterese hätten nichts Kurzes erspart, ohne Wichtiges zu verschweigen. Prüfen Sie die Schwellen.",
  },
  device: "Gerät",
  findings: "Befunde",
  shortOnes: "davon kurz",
  findingsNow: "mit geltenden Einstellungen",
  covered: "gemessen",
  listed: (shown: number, all: number) => `Die ${shown} Geräte mit den meisten Befunden von ${all}.`,
  show: (device: string) => `Verlauf von ${device}`,
  from: "Beginn",
  lasted: "Dauer",
  subject: "Was",
  open: "offen",
  flaps: (times: number) => `flattert, ${times} Mal`,
  noGraph: "Diese Prüfung hat keinen Wert für ein Diagramm.",
  subjectOf: "Diagramm für",
};
