import type { drills as german } from "../de/drills.ts";

export const drills: typeof german = {
  drills: "Alarm drills",
  drill: "Alarm drill",
  none: "No drill yet.",
  noneHelp:
    "A drill sends a marked, harmless fault through the whole chain: agent, finding, mail, mail server, confirmation by the reader. It begins by itself every month when you switch it on in the promises.",
  start: "Drill now",
  startHelp: "The customer's recipients get a mail that is marked as a drill, and confirm it with one click.",
  startDo: "Start the drill",
  started: "Drill started",
  startedAt: "Started",
  result: "Result",
  course: "Course",
  running: "running",
  results: { done: "confirmed", failed: "failed" },
  reasons: {
    "not-measured": "No sample came from the device.",
    "not-mailed": "No mail was written. Does the customer have recipients, or is there a maintenance window?",
    "not-accepted": "The mail server did not take the mail.",
    returned: "The mail came back.",
    "not-confirmed": "Nobody confirmed the mail.",
  },
  steps: { measured: "measured", mailed: "mailed", accepted: "accepted", confirmed: "confirmed" },
  monthly: "Alarm drill",
  monthlyOn: "once a month",
  monthlyOff: "none",
  monthlyHelp:
    "Once a month, in service hours, a marked fault tests the way from the computer to the reader's click. If nobody confirms within 24 hours of service time, that becomes a finding.",
  explained: "This is a drill, nothing is broken. Confirm that the mail has reached you; nothing else has to be done.",
  confirm: "Confirm receipt",
  confirmedOn: (when: string) => `Confirmed on ${when}. Thank you, the drill has passed.`,
  over: "This drill has ended already. There is nothing to confirm any more.",
};
