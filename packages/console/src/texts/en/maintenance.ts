import { countIn } from "../count.ts";
import type { Texts } from "../de.ts";

const count = countIn("en-GB");

/** ISO 8601: 1 is Monday. */
const weekdays: readonly string[] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const ordinals: Readonly<Record<number, string>> = { 1: "first", 2: "second", 3: "third", 4: "fourth", [-1]: "last" };

export const maintenance = {
  title: "Maintenance",
  lead: "What shows during a maintenance window is recorded, and nobody is told.",
  windows: "Maintenance windows",
  past: "Past ones",
  none: "No maintenance window is planned",
  noneHelp: "Before work on a device or a site, begin with “Maintenance” there; recurring windows are planned here.",
  plan: "Plan maintenance",
  begin: "Maintenance",
  beginFor: (duration: string) => `Now, for ${duration}`,
  beginOther: "Plan …",
  begun: (name: string) => `“${name}” has begun`,
  changed: (name: string) => `Saved: ${name}.`,
  changeHelp: "What is under way keeps its end; new times hold from the next time on.",
  planned: (name: string) => `“${name}” is planned`,
  end: "End",
  endOf: (name: string) => `End: ${name}`,
  ended: "Maintenance ended. What is still broken is told after the grace.",
  cancel: "Cancel it",
  cancelTitle: (name: string) => `Cancel “${name}”?`,
  cancelText: "What is under way ends now, and no other window begins. What was held back already stays listed.",
  cancelled: "Maintenance window cancelled",
  now: (until: string) => `In maintenance until ${until}`,
  nowHelp: (name: string, by: string) => `${name} (${by}). Findings are recorded, nobody is told.`,
  name: "What is being done?",
  defaultName: "Maintenance",
  scope: "For what?",
  scopes: { provider: "Everything", customer: "Customer", site: "Site", device: "Device", tag: "Tag" },
  which: { provider: "", customer: "Which customer?", site: "Which site?", device: "Which device?", tag: "Which tag?" },
  startsAt: "Begins",
  timeIn: (zone) => `Time in ${zone}`,
  length: "Length",
  hours: (hours: number) => (hours < 1 ? `${hours * 60} minutes` : count(hours, "hour", "hours")),
  repeat: "Repeats",
  repeats: {
    once: "Once",
    weekly: "Every week",
    fortnightly: "Every other week",
    "monthly-weekday": "Monthly on the same weekday",
    "monthly-day": "Monthly on the same day",
  },
  weekdays: "On these days",
  weekdayNames: weekdays,
  until: "Last day (empty: no end)",
  grace: "Grace afterwards",
  graceHelp: "How long after the end something may still be broken before somebody is told.",
  graceNone: "none",
  keep: "What failed in the window is not told afterwards either",
  keepHelp: "As long as it is the same unbroken outage and does not get worse afterwards, it only stands in the list.",
  what: "What",
  where: "For",
  when: "When",
  held: "Held back",
  heldCount: (open: number, closed: number) =>
    open + closed === 0 ? "–" : `${count(open + closed, "finding", "findings")}${open === 0 ? "" : ` (${open} open)`}`,
  by: "By",
  actions: "Actions",
  runs: (until: string) => `until ${until}`,
  next: (at: string) => `next: ${at}`,
  over: "over",
  schedule: (about) =>
    about.repeat === "weekly"
      ? `every ${about.every === 1 ? "" : `${about.every} weeks on `}${about.weekdays.map((day) => weekdays[day - 1]).join(", ")}, ${about.time}`
      : about.repeat === "monthly-weekday"
        ? `on every ${ordinals[about.nth] ?? ""} ${weekdays[(about.weekdays[0] ?? 1) - 1]} of the month, ${about.time}`
        : about.repeat === "monthly-day"
          ? `on day ${about.day} of every month, ${about.time}`
          : about.time,
} satisfies Texts["maintenance"];
