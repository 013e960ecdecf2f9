/** What follows an alarm, in the double: orders, contacts, and what customers were promised of both. */
import type { Contact, DueContact } from "@hauswart/protocol/api/contacts.ts";
import type { CustomerTerms, ShownCustomerTerms } from "@hauswart/protocol/api/customer-terms.ts";
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { isOrderRunning } from "@hauswart/protocol/api/repair-order-states.ts";
import type { RepairOffer, RepairOrder } from "@hauswart/protocol/api/repair-orders.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import type { Handlers } from "./handlers.ts";
import { found } from "./paging.ts";
import { textsOf } from "./mails.ts";
import type { World } from "./world.ts";

type CareRoute =
  | "getCustomerTerms"
  | "changeCustomerTerms"
  | "getRepairOffer"
  | "placeRepairOrder"
  | "listRepairOrders"
  | "getRepairOrder"
  | "changeRepairOrder"
  | "recordContact"
  | "finishContactStep"
  | "listContacts"
  | "listDueContacts";

const minuteMs = 60_000;
const hourly = { kind: "hourly", centsPerHour: 9_500, currency: "EUR", minutesPerStep: 15 } as const;
const standard: CustomerTerms = {
  alarms: "always",
  repair: hourly,
  contactWithinMinutes: 240,
  contactFrom: "failure",
  dailyMail: null,
  alarmDrill: true,
};

export function careHandlers(world: World): Pick<Handlers, CareRoute> {
  const terms = new Map<string, CustomerTerms>();
  const failures = failuresOf(world);
  return {
    getCustomerTerms: ({ customerId }) => shown(world, terms.get(customerId) ?? standard),
    changeCustomerTerms({ customerId, ...change }) {
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const after = { ...(terms.get(customerId) ?? standard), ...given };
      terms.set(customerId, after);
      return shown(world, after);
    },
    ...orderHandlers(world, failures),
    ...contactHandlers(world, failures),
  };
}

const failuresOf = ({ findings }: World): Finding[] =>
  findings
    .map(({ finding }) => finding)
    .filter((finding) => finding.severity === "failure" && finding.customerId !== null && finding.state !== "closed");

/** A finding whose repair was ordered and declined, so that it can be ordered again. */
export const declinedFinding = (world: World): Finding | undefined => failuresOf(world).slice(1).at(-1);

const isoOf = (ms: number) => new Date(ms).toISOString();

/** What is sent to addresses that begin so comes back. */
const gone = "weg";

function shown({ nowMs }: World, terms: CustomerTerms): ShownCustomerTerms {
  const about = { since: isoOf(nowMs() - 180 * minuteMs), via: "returned", reason: "550 5.1.1 User unknown" } as const;
  const readers = terms.dailyMail?.recipients ?? [];
  return {
    ...terms,
    dailyMailUnreachable: readers.flatMap(({ address }) => (address.startsWith(gone) ? [{ address, ...about }] : [])),
  };
}

function orderHandlers(
  world: World,
  failures: readonly Finding[],
): Pick<Handlers, "getRepairOffer" | "placeRepairOrder" | "listRepairOrders" | "getRepairOrder" | "changeRepairOrder"> {
  const orders = failures.slice(0, 1).map((finding) => orderOf(finding, world.nowMs() - 50 * minuteMs));
  const declined = declinedFinding(world);
  if (declined) orders.push(declinedOrderOf(declined, world.nowMs() - 300 * minuteMs));
  const spent = new Set<string>();
  const offerOf = (finding: Finding): RepairOffer => {
    const order = orders.find(({ findingId }) => findingId === finding.findingId);
    return {
      ...offeredRepair(world, finding),
      order: order ? { orderedBy: order.orderedBy, orderedAt: order.orderedAt, state: order.state, stateNote: order.stateNote } : null,
      linkIsSpent: spent.has(finding.findingId),
    };
  };
  /** In the double, a token is a finding's id. */
  const offeredBy = (token: string) => {
    const finding = world.findings.find((one) => one.finding.findingId === token)?.finding;
    if (!finding) throw new HauswartError("LINK_INVALID");
    return finding;
  };
  return {
    getRepairOffer: ({ token }) => offerOf(offeredBy(token)),
    placeRepairOrder({ token, name, contact, note }) {
      const finding = offeredBy(token);
      const isRunning = orders.some(({ findingId, state }) => findingId === token && isOrderRunning(state));
      if (spent.has(token) || isRunning) throw new HauswartError("CONFLICT");
      spent.add(token);
      orders.unshift({ ...orderOf(finding, world.nowMs()), orderedBy: name, contact, note });
      return offerOf(finding);
    },
    listRepairOrders: ({ state, customerId, findingId }) => ({
      items: orders.filter(
        (order) =>
          (!state || order.state === state) &&
          (!customerId || order.customerId === customerId) &&
          (!findingId || order.findingId === findingId),
      ),
      next: null,
    }),
    getRepairOrder: ({ repairOrderId }) => found(orders.find((one) => one.repairOrderId === repairOrderId)),
    changeRepairOrder({ repairOrderId, state, note }) {
      const order = found(orders.find((one) => one.repairOrderId === repairOrderId));
      return Object.assign(order, { state, stateBy: "Leitstelle", stateAt: isoOf(world.nowMs()), stateNote: note });
    },
  };
}

const declinedOrderOf = (finding: Finding, atMs: number): RepairOrder => ({
  ...orderOf(finding, atMs),
  state: "declined",
  stateBy: "Leitstelle",
  stateAt: isoOf(atMs + 60 * minuteMs),
  stateNote: "Das Gerät ist zu alt für eine Reparatur. Wir rufen Sie wegen eines neuen an.",
});

function offeredRepair(world: World, finding: Finding): Omit<RepairOffer, "order" | "linkIsSpent"> {
  return {
    language: "de",
    providerName: world.settings.name,
    customerName: finding.customerName,
    finding: {
      title: "Festplatte C: fast voll (4 % frei)",
      deviceName: finding.deviceName,
      siteName: finding.siteName,
      severity: finding.severity,
      summary: "9,8 GB von 256 GB frei",
      meaning: "Ist die Festplatte voll, lassen sich keine Dateien mehr speichern, und Programme brechen ab.",
      openedAt: finding.openedAt,
      closedAt: finding.closedAt,
      timeZone: finding.timeZone,
    },
    terms: hourly,
  };
}

function contactHandlers(
  world: World,
  failures: readonly Finding[],
): Pick<Handlers, "recordContact" | "finishContactStep" | "listContacts" | "listDueContacts"> {
  const contacted = failures[1];
  const contacts = contacted ? [contactOf(contacted, world.nowMs() - 180 * minuteMs)] : [];
  return {
    recordContact({ findingId, nextWithinMinutes, at, ...input }) {
      const { finding } = found(world.findings.find((one) => one.finding.findingId === findingId));
      const contact: Contact = {
        ...contactOf(finding, world.nowMs()),
        ...input,
        at: at ?? isoOf(world.nowMs()),
        nextDueAt: input.nextStep && nextWithinMinutes !== null ? isoOf(world.nowMs() + nextWithinMinutes * minuteMs) : null,
        by: "Leitstelle",
      };
      const earlier = contacts.filter((one) => one.findingId === findingId && one.nextDueAt !== null && one.nextDoneAt === null);
      if (input.reached) for (const one of earlier) one.nextDoneAt = isoOf(world.nowMs());
      contacts.unshift(contact);
      return contact;
    },
    finishContactStep: ({ contactId }) =>
      Object.assign(found(contacts.find((one) => one.contactId === contactId)), { nextDoneAt: isoOf(world.nowMs()) }),
    listContacts: ({ customerId, findingId }) => ({
      items: contacts.filter((one) => (!customerId || one.customerId === customerId) && (!findingId || one.findingId === findingId)),
      next: null,
    }),
    listDueContacts: ({ customerId }) => ({
      items: [
        ...failures
          .filter(({ findingId }) => !contacts.some((one) => one.findingId === findingId && one.reached))
          .map((finding) => firstContactOf(world, finding)),
        ...contacts
          .filter(({ nextDueAt, nextDoneAt }) => nextDueAt !== null && nextDoneAt === null)
          .map((contact) => stepOf(world, contact)),
      ]
        .filter((one) => !customerId || one.customerId === customerId)
        .toSorted((one, other) => one.dueAt.localeCompare(other.dueAt)),
      isCut: false,
    }),
  };
}

function firstContactOf(world: World, finding: Finding): DueContact {
  const dueMs = Date.parse(finding.openedAt) + 240 * minuteMs;
  return {
    kind: "first-contact",
    findingId: finding.findingId,
    contactId: null,
    customerId: finding.customerId!,
    customerName: finding.customerName,
    deviceId: finding.deviceId,
    deviceName: finding.deviceName,
    title: textsOf(finding.check).title(finding),
    severity: finding.severity,
    findingOpen: true,
    since: finding.openedAt,
    dueAt: isoOf(dueMs),
    isOverdue: dueMs <= world.nowMs(),
    nextStep: "",
  };
}
function stepOf(world: World, contact: Contact): DueContact {
  return {
    ...contact,
    kind: "next-step",
    deviceId: null,
    severity: "failure",
    findingOpen: true,
    since: contact.at,
    dueAt: contact.nextDueAt!,
    isOverdue: Date.parse(contact.nextDueAt!) <= world.nowMs(),
  };
}

function orderOf(finding: Finding, atMs: number): RepairOrder {
  return {
    repairOrderId: newId(atMs),
    customerId: finding.customerId!,
    customerName: finding.customerName,
    deviceId: finding.deviceId,
    findingId: finding.findingId,
    title: "Festplatte C: fast voll (4 % frei)",
    deviceName: finding.deviceName,
    siteName: finding.siteName,
    orderedBy: "Erika Muster",
    contact: "040 1234567",
    note: "Bitte nicht vor 14 Uhr, dann ist die Buchhaltung fertig.",
    address: "192.0.2.44",
    terms: hourly,
    orderedAt: new Date(atMs).toISOString(),
    state: "open",
    stateBy: null,
    stateAt: null,
    stateNote: "",
  };
}

function contactOf(finding: Finding, atMs: number): Contact {
  return {
    contactId: newId(atMs),
    customerId: finding.customerId!,
    customerName: finding.customerName,
    findingId: finding.findingId,
    title: "Dienst „Spooler“ läuft nicht",
    deviceName: finding.deviceName,
    channel: "telephone",
    partner: "Herr Sommer",
    at: new Date(atMs).toISOString(),
    reached: true,
    agreed: "Druckserver wird heute Abend neu gestartet.",
    nextStep: "Neustart und Probedruck",
    nextDueAt: new Date(atMs + 480 * minuteMs).toISOString(),
    nextDoneAt: null,
    by: "Leitstelle",
  };
}
