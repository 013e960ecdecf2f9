import { countIn } from "../count.ts";

const count = countIn("en-GB");
const findings = (amount: number) => count(amount, "finding", "findings");
const devices = (amount: number) => count(amount, "device", "devices");

/** What damps a check, and the threshold time machine. */
export const replay = {
  damping: {
    badForMinutes: "Tell only after it has been bad for so long",
    badForMinutesHelp: "Minutes. Shorter dips tell nothing. Times without a measurement do not count.",
    goodSamples: "Good measurements before it is over",
    goodSamplesHelp: "This many good measurements in a row before a finding ends. 1 ends it at once.",
    goodForMinutes: "Over only after it has been good for so long",
    goodForMinutesHelp: "Minutes. What turns bad again soon stays the same finding.",
    recoverAt: "Over only at other values",
    recoverAtHelp: "An open finding ends only when the value keeps to these thresholds, so that nothing swings around one.",
    recoverAtNone: "at the same thresholds",
    flapping: "Sum up flapping",
    flappingHelp: "What opens and closes more often becomes one finding that stays open until it is calm. It is told once.",
    flappingNone: "each opening and closing is told",
    flappingOff: "Tell each opening and closing",
    openings: "findings at most",
    withinMinutes: "within minutes",
    calmMinutes: "calm after minutes",
    atOnce: "at once",
    minutes: (minutes: string) => `${minutes} minutes`,
  },
  title: "Try it on the past",
  help: "Plays the stored measurements through this draft once more. Nothing is saved and nobody is told.",
  days: "Time",
  dayCount: (days: number) => `last ${days} days`,
  start: "Try it",
  again: "Try it again",
  cancel: "Cancel",
  waiting: "Waits until another run is done …",
  running: (done: number, all: number) => `${done} of ${all} devices played through`,
  cancelled: "Cancelled.",
  failed: "The run failed. Start it once more; the server's log tells the reason.",
  outdated: "The draft has changed since.",
  noDevices: "The draft reaches no device on which this check has ever run.",
  noSamples: "Nothing was measured on any device in this time.",
  nothing: (days: number) => `Would have told nothing in ${days} days.`,
  fired: (amount: number, on: number, days: number) => `Would have told ${findings(amount)} on ${devices(on)} in ${days} days`,
  short: (amount: number, minutes: number) => `${amount} of them ended within ${minutes} minutes`,
  held: (amount: number) =>
    amount === 1
      ? "One finding in a maintenance window or during an outage is not counted: nobody would have been told of it."
      : `${findings(amount)} in maintenance windows or during outages are not counted: nobody would have been told of them.`,
  now: (amount: number) => `with the settings in force: ${findings(amount)}`,
  measured: (devicesMeasured: number, all: number, percent: string) =>
    `Measured on ${devicesMeasured} of ${devices(all)}, ${percent} of the time. Gaps count neither as good nor as bad.`,
  notJudged: (samples: number) => `${count(samples, "measurement", "measurements")} could not be judged.`,
  suggestion: "Suggestion",
  suggestions: {
    duration: (minutes: number) => `Tell only after ${minutes} minutes`,
    "recovery-time": (minutes: number) => `Over only after it has been good for ${minutes} minutes`,
    "recovery-value": (values: string) => `Over only at ${values}`,
    flapping: (openings: number, within: number) => `Sum up more than ${openings} findings within ${within} minutes as flapping`,
  },
  reason: {
    duration: (spared: number, short: number, lasting: number) =>
      `the shortest wait that spares ${spared} of ${short} short findings; ${lasting === 1 ? "the one that lasted stays" : `all ${lasting} that lasted stay`}`,
    hold: (left: number, before: number) => `${findings(left)} instead of ${before}; none that lasted is lost`,
  },
  proposal: {
    searching: "Looking for a proposal in the past …",
    filled: (words: string) => `Filled in: ${words}. Nothing is saved yet; below is what it would have done.`,
    none: "The past yields no proposal: waiting or hysteresis would have spared nothing short without keeping something back that lasted. Have a look at the thresholds.",
  },
  take: "Use this",
  device: "Device",
  findings: "Findings",
  shortOnes: "of them short",
  findingsNow: "with settings in force",
  covered: "measured",
  listed: (shown: number, all: number) => `The ${shown} devices with most findings of ${all}.`,
  show: (device: string) => `Values of ${device}`,
  from: "Began",
  lasted: "Lasted",
  subject: "What",
  open: "open",
  flaps: (times: number) => `flaps, ${times} times`,
  noGraph: "This check has no value for a graph.",
  subjectOf: "Graph of",
};
