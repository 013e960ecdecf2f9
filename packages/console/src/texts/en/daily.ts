import { countIn } from "../count.ts";
import type { Texts } from "../de.ts";

const count = countIn("en-GB");

export const keys = {
  title: "Keys",
  show: "Keys",
  names: { enter: "Enter", esc: "Esc", shift: "Shift" },
  does: {
    move: "next, previous finding",
    open: "open the finding",
    close: "close, clear the selection",
    fold: "show or hide what stands behind a cause",
    acknowledge: "acknowledge the finding, or those selected",
    note: "add a note without acknowledging",
    contact: "record a contact with the customer",
    judge: "judge the alarm: useful, noise, known",
    undo: "take your last acknowledgement back",
    select: "select",
    range: "select from the last one selected to here",
    all: "select all that are loaded, then none",
    showNew: "bring new findings in",
    help: "this list",
  },
  noteTitle: (findings: number) => (findings === 1 ? "Note on the finding" : `Note on ${count(findings, "finding", "findings")}`),
  noteDo: "Add note",
  noteHelp: "It stands in the finding's history. Its status does not change.",
  noted: (findings: number) => (findings === 1 ? "Note added" : `Note added to ${count(findings, "finding", "findings")}`),
  behind: "behind it",
  behindWhole: (findings: number) => `${count(findings, "finding stands", "findings stand")} behind it`,
  behindHelp: "What follows from the cause, or is from before it: nobody is told of it apart.",
  alsoBehind: (findings: number) =>
    findings === 1 ? "The finding behind it as well" : `The ${findings.toLocaleString("en-GB")} findings behind it as well`,
  changedSince: (when: string) => `Changed since ${when}`,
  endsUntil: (when: string) => `Acknowledgement ends by ${when}`,
  dropFilter: (filter: string) => `Remove filter: ${filter}`,
} satisfies Texts["keys"];

export const firstSteps = {
  title: "First steps",
  progress: (done: number, all: number) => `${done} of ${all} steps`,
  lead: "Five steps to the first alarm mail of the first customer. You can stop at any time; what is done stays done.",
  open: "Open the first steps",
  next: (step: string) => `Next: ${step}`,
  done: "done",
  doneTitle: "Hauswart is set up",
  doneText: "The first alarm mail has left your house. This page is no longer needed and disappears from the navigation.",
  toOverview: "To the overview",
  onward: "Continue",
  steps: {
    house: "Name the house and the sender",
    customer: "Add the first customer",
    recipient: "Add a recipient and send a test mail",
    device: "Enrol the first computer",
    alarm: "Provoke a harmless alarm",
  },
  house: {
    lead: "This is what your house is called in every mail, and the address that they come from.",
    name: "Name of your house",
    mailFrom: "Sender",
    mailFromHelp: "An address that your mail server may send from, such as Hauswart <alarm@your-house.example>.",
    save: "Save and continue",
    is: (name: string, from: string) => `${name}, sender ${from}`,
  },
  customer: {
    lead: "A customer has sites, and at the sites stand the computers. One site is enough.",
    name: "Name of the customer",
    site: "Name of the site",
    siteDefault: "Head office",
    save: "Add and continue",
    needsSite: (customer: string) => `${customer} has no site yet.`,
    is: (customer: string, site: string) => `${customer}, ${site}`,
  },
  recipient: {
    lead: "Who gets a mail when something fails? The test mail goes the way of every alarm mail.",
    address: "E-mail address",
    send: "Add and send a test mail",
    again: "Send the test mail again",
    noServer: "No mail server is set. Set HAUSWART_SMTP_URL and restart the server; until then all mails stand in the outbox only.",
    noServerExample: "For example",
    is: (address: string) => `${address} is told`,
  },
  mail: {
    sending: (address: string) => `The mail to ${address} is on its way …`,
    sent: "The mail server has taken the mail.",
    sentHelp: "Look into the mailbox. If it does not arrive, the mail server's answer helps.",
    refused: "The mail server has refused the mail.",
    waiting: "The mail server cannot be reached or asks for patience. The mail is tried again.",
    kept: "No mail server is set. The mail stands in the outbox only.",
    answer: "Answer of the mail server",
    noAnswer: "none",
    show: "Show the mail in the outbox",
  },
  device: {
    lead: (customer: string, site: string) =>
      `The computer belongs to ${customer}, ${site}. It appears here as soon as its agent has connected.`,
    make: "Make the command",
    is: (device: string) => `${device} is there`,
  },
  alarm: {
    lead: (device: string) => `Try the whole way with something that harms nobody: stop a service on ${device}.`,
    linux: "Stop the service for scheduled tasks",
    linuxBack: "Start it again afterwards",
    policyLead: "Without access to the computer a policy does it as well: set the warning limit of disk space to 99 %.",
    policyLink: "To the policies",
    waiting: "Waiting for the alarm …",
    waitingHelp: "A stopped service is noticed within seconds, a value with the next measurement.",
    found: "The finding is there.",
    openFinding: "Open the finding",
    mailWaiting: "The mail is about to be written …",
    needs: "A computer has to be enrolled first.",
  },
} satisfies Texts["firstSteps"];

export const answers = {
  promised: "What did we promise for today?",
  promisedNone: "No acknowledgement ends today.",
  promisedAll: "All that end today",
  ends: "Ends",
  since: (when: string) => `since your last visit on ${when}`,
  sinceDay: "in the last 24 hours",
  all: "All",
  allChanged: "All that changed",
  show: "Which",
  showAll: "All devices",
  shows: {
    "not-measured": "not measured",
    "unknown-checks": "with unknown checks",
    "open-findings": "with open findings",
    removed: "removed",
  },
  seen: "Seen it all",
  noneSince: "Nothing has changed since.",
} satisfies Texts["answers"];

export const commands = {
  recent: "Recent",
  actions: "Actions",
  findings: "Findings",
  policies: "Policies",
  customers: "Customers",
  scopeTo: (customer: string) => `Show ${customer} only`,
  scopeAll: "Show all customers",
  acknowledgeDevice: (device: string) => `Acknowledge all findings of ${device}`,
  language: { de: "Speak German", en: "Speak English" },
  look: { auto: "Appearance as the system", light: "Light appearance", dark: "Dark appearance" },
  measure: (device: string) => `Measure ${device} now`,
  nothing: (text: string) => `Nothing found for “${text}”`,
} satisfies Texts["commands"];

export const print = {
  printed: (when: string) => `Printed ${when}`,
} satisfies Texts["print"];
