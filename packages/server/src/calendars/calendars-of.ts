/**
 * Which working time holds where. Everything that speaks of service hours, acceptance hours, quiet hours, patch windows or working days
 * asks here:
 *
 *     const calendars = await calendarsOf(services, providerId);
 *     calendars.workingTime({ customerId, siteId }, "service").dueMs(reportedAtMs, 4 * hourMs);
 *
 * A site works by its own calendar, else by its customer's, else by the house's; its time zone is found the same way. Read once per
 * process and provider, and again when the bus says that something changed.
 */
import { createHash } from "node:crypto";
import type { CalendarDefinition, Holiday, Span, Weekday } from "@hauswart/calendar/definition.ts";
import { WorkingTime } from "@hauswart/calendar/working-time.ts";
import { calendarPurposes, type CalendarPurpose } from "@hauswart/protocol/api/calendar-purposes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { ensureCalendars } from "./ensure-calendars.ts";

/** Where somebody works. null: the house itself. */
export type Place = { readonly customerId: Id; readonly siteId?: Id | null } | null;

/** What judges are told of working time. The same object as long as nothing changed. */
export interface JudgedCalendar {
  /** Tells it from any other by which a judge would judge otherwise; md5, hexadecimal. */
  readonly key: string;
  readonly definition: CalendarDefinition;
  readonly workingTime: WorkingTime;
}

export interface Calendars {
  /** The working time of a place. The same object as long as nothing changed, so that its tables of years are made once. */
  workingTime(place: Place, purpose: CalendarPurpose): WorkingTime;
  /** The service hours of a place, as its devices are judged by them and as it is written down. */
  judged(place: Place): JudgedCalendar;
  /** Its calendar, for links and reasons. */
  calendar(
    place: Place,
    purpose: CalendarPurpose,
  ): { readonly calendarId: Id; readonly name: string; readonly from: "provider" | "customer" | "site" };
  /** IANA name. */
  timeZone(place: Place): string;
}

/** What a process has of one provider. */
interface Held {
  /** Read, or being read; undefined when something has changed since. */
  current: Promise<Calendars> | undefined;
  /** Those that were read last. */
  newest: Calendars | undefined;
}
const caches = new WeakMap<Services, Map<Id, Held>>();

/** Calendars of a provider. Makes those of SVC-1 for a house that has none yet. */
export function calendarsOf(services: Services, providerId: Id): Promise<Calendars> {
  const held = heldOf(services, providerId);
  if (held.current) return held.current;
  const reading = readCalendars(services, providerId);
  held.current = reading;
  return reading.then(
    (calendars) => {
      if (held.current === reading) held.newest = calendars;
      return calendars;
    },
    (error: unknown) => {
      if (held.current === reading) held.current = undefined;
      throw error;
    },
  );
}

/** Reads the calendars for `heldCalendars`, when there is a check whose judge asks for them. */
export async function holdCalendars(services: Services, providerId: Id): Promise<void> {
  if ([...services.checks.values()].some(({ definition }) => definition.needsCalendar)) await calendarsOf(services, providerId);
}

/** The calendars that were read last, for whoever cannot wait: the gateway has called `holdCalendars` before it takes a device's samples. */
export function heldCalendars(services: Services, providerId: Id): Calendars {
  const { newest } = heldOf(services, providerId);
  if (!newest) throw new TypeError("Calendars are asked for that nobody has read.");
  return newest;
}

/** For whoever needs one only; see `calendarsOf`. */
export async function workingTimeOf(services: Services, providerId: Id, place: Place, purpose: CalendarPurpose): Promise<WorkingTime> {
  return (await calendarsOf(services, providerId)).workingTime(place, purpose);
}

/** Says, once the transaction has committed, that calendars have to be read again. */
export function announceCalendars(tx: Tx, { services, providerId }: Pick<Context, "services" | "providerId">): void {
  tx.afterCommit(() => services.bus.publish("calendars-changed", { providerId }));
}

/** Tells of each change once the calendars are read again. @returns ends it. */
export function followCalendars(services: Services, changed: (providerId: Id, calendars: Calendars) => void): () => void {
  // Whoever is told asks for calendars: those in hand have to be given up before.
  if (!caches.has(services)) followedCache(services);
  return services.bus.subscribe("calendars-changed", async ({ providerId }) =>
    changed(providerId, await calendarsOf(services, providerId)),
  );
}

function heldOf(services: Services, providerId: Id): Held {
  const cache = caches.get(services) ?? followedCache(services);
  const held = cache.get(providerId) ?? { current: undefined, newest: undefined };
  cache.set(providerId, held);
  return held;
}

function followedCache(services: Services): Map<Id, Held> {
  const cache = new Map<Id, Held>();
  caches.set(services, cache);
  services.bus.subscribe("calendars-changed", async ({ providerId }) => {
    const held = cache.get(providerId);
    if (!held) return;
    held.current = undefined;
    await calendarsOf(services, providerId);
  });
  return cache;
}

interface CalendarRow {
  calendar_id: Id;
  name: string;
  hours: Partial<Record<Weekday, readonly Span[]>>;
  working_days: Weekday[];
  holiday_set_id: Id | null;
  half_days_work: boolean;
}
interface AssignmentRow {
  purpose: CalendarPurpose;
  scope_id: Id;
  calendar_id: Id;
}

/** As read from the database. Zones by the id of provider, customer or site; a place without one of its own is not in it. */
interface Rows {
  readonly calendars: ReadonlyMap<Id, CalendarRow>;
  readonly holidays: ReadonlyMap<Id, readonly Holiday[]>;
  /** By purpose and id of provider, customer or site. */
  readonly assignments: ReadonlyMap<string, Id>;
  readonly zones: ReadonlyMap<Id, string>;
}

async function readCalendars(services: Services, providerId: Id): Promise<Calendars> {
  const rows = await services.database.transaction({ providerId, customers: "*" }, async (tx) => {
    const before = await readAssignments(tx, providerId);
    if (calendarPurposes.every((purpose) => before.has(keyOf(purpose, providerId)))) return readRows(tx, providerId, before);
    await ensureCalendars(tx, services, providerId);
    return readRows(tx, providerId, await readAssignments(tx, providerId));
  });
  return resolvedCalendars(rows, providerId);
}

const keyOf = (purpose: CalendarPurpose, id: Id): string => `${purpose} ${id}`;

async function readAssignments(tx: Tx, providerId: Id): Promise<ReadonlyMap<string, Id>> {
  const rows = await tx.sql<AssignmentRow>(
    "select purpose, scope_id, calendar_id from hauswart.calendar_assignment where provider_id = $1",
    [providerId],
  );
  return new Map(rows.map(({ purpose, scope_id, calendar_id }) => [keyOf(purpose, scope_id), calendar_id]));
}

async function readRows(tx: Tx, providerId: Id, assignments: ReadonlyMap<string, Id>): Promise<Rows> {
  const calendars = await tx.sql<CalendarRow>(
    "select calendar_id, name, hours, working_days, holiday_set_id, half_days_work from hauswart.calendar where provider_id = $1",
    [providerId],
  );
  const holidays = await tx.sql<Holiday & { holiday_set_id: Id }>(
    `select holiday_set_id, day::text as date, name, spans from hauswart.holiday where provider_id = $1 and not is_removed order by day`,
    [providerId],
  );
  const zones = await tx.sql<{ id: Id; time_zone: string }>(
    `select provider_id as id, time_zone from hauswart.provider where provider_id = $1
     union all select customer_id, time_zone from hauswart.customer where provider_id = $1 and time_zone is not null
     union all select site_id, time_zone from hauswart.site where provider_id = $1 and time_zone is not null`,
    [providerId],
  );
  return {
    calendars: new Map(calendars.map((row) => [row.calendar_id, row])),
    holidays: Map.groupBy(holidays, (row) => row.holiday_set_id),
    assignments,
    zones: new Map(zones.map(({ id, time_zone }) => [id, time_zone])),
  };
}

/** A calendar at a time zone. */
interface Made {
  readonly definition: CalendarDefinition;
  readonly workingTime: WorkingTime;
  /** Made when it is asked for. */
  judged: JudgedCalendar | undefined;
}

function resolvedCalendars({ calendars, holidays, assignments, zones }: Rows, providerId: Id): Calendars {
  const made = new Map<string, Made>();
  /** The narrowest first. */
  const chain = (place: Place): readonly Id[] =>
    place ? [...(place.siteId ? [place.siteId] : []), place.customerId, providerId] : [providerId];
  const timeZone = (place: Place) =>
    chain(place)
      .map((id) => zones.get(id))
      .find((zone) => zone !== undefined)!;
  /** Its calendar, and the id of the place where that was chosen. */
  const chosen = (place: Place, purpose: CalendarPurpose) => {
    const by = chain(place).find((id) => assignments.has(keyOf(purpose, id)))!;
    return { by, row: calendars.get(assignments.get(keyOf(purpose, by))!)! };
  };
  const madeOf = (place: Place, purpose: CalendarPurpose) => {
    const { row } = chosen(place, purpose);
    const zone = timeZone(place);
    const key = `${row.calendar_id} ${zone}`;
    const known = made.get(key);
    if (known) return known;
    const definition = definitionOf(row, zone, holidays.get(row.holiday_set_id!) ?? []);
    const one: Made = { definition, workingTime: new WorkingTime(definition), judged: undefined };
    made.set(key, one);
    return one;
  };
  const judgedOf = (place: Place): JudgedCalendar => {
    const one = madeOf(place, "service");
    return (one.judged ??= { ...keptOf(one.definition), workingTime: one.workingTime });
  };
  return {
    timeZone,
    workingTime: (place, purpose) => madeOf(place, purpose).workingTime,
    judged: judgedOf,
    calendar(place, purpose) {
      const { by, row } = chosen(place, purpose);
      const from = by === providerId ? "provider" : by === place?.customerId ? "customer" : "site";
      return { calendarId: row.calendar_id, name: row.name, from };
    },
  };
}

const definitionOf = (row: CalendarRow, timeZone: string, holidays: readonly Holiday[]): CalendarDefinition => ({
  timeZone,
  hours: row.hours,
  workingDays: row.working_days,
  holidays,
  halfDaysWork: row.half_days_work,
});

/** A definition as it is written down. What a holiday is called is nobody's business there. */
function keptOf(definition: CalendarDefinition): Pick<JudgedCalendar, "key" | "definition"> {
  const kept = { ...definition, holidays: definition.holidays.map(({ date, spans }) => ({ date, name: "", spans })) };
  return { key: createHash("md5").update(JSON.stringify(kept)).digest("hex"), definition: kept };
}
