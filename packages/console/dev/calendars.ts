/** Working calendars and rounds in the double, reckoned by the engine that the server reckons with. */
import { WorkingTime } from "@hauswart/calendar/working-time.ts";
import { type Calendar, type HolidayDay } from "@hauswart/protocol/api/calendars.ts";
import { calendarPurposes, type CalendarPurpose } from "@hauswart/protocol/api/calendar-purposes.ts";
import type { Result } from "@hauswart/protocol/api/routes.ts";
import type { RoundRecord } from "@hauswart/protocol/api/rounds.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import { mondayToFriday, seedCalendars } from "@hauswart/server/calendars/seed-calendars.ts";
import type { DoubleDevice } from "./fleet.ts";
import type { Handlers } from "./handlers.ts";
import { found, pageOf } from "./paging.ts";
import type { World } from "./world.ts";

const timeZone = "Europe/Berlin";
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const sources = [
  "DE",
  "DE-BB",
  "DE-BE",
  "DE-BW",
  "DE-BY",
  "DE-BY-A",
  "DE-BY-KATH",
  "DE-HB",
  "DE-HE",
  "DE-HH",
  "DE-MV",
  "DE-NI",
  "DE-NW",
  "DE-RP",
];

/** The nationwide days of 2026 and 2027. */
const nationwide = [
  ["01-01", "01-01", "Neujahr"],
  ["04-03", "03-26", "Karfreitag"],
  ["04-06", "03-29", "Ostermontag"],
  ["05-01", "05-01", "Maifeiertag"],
  ["05-14", "05-06", "Christi Himmelfahrt"],
  ["05-25", "05-17", "Pfingstmontag"],
  ["10-03", "10-03", "Tag der Deutschen Einheit"],
  ["12-25", "12-25", "1. Weihnachtstag"],
  ["12-26", "12-26", "2. Weihnachtstag"],
] as const;

const holiday = (day: string, name: string, changes: Partial<HolidayDay> = {}): HolidayDay => ({
  day,
  name,
  spans: [],
  isFromSource: true,
  isEdited: false,
  isRemoved: false,
  ...changes,
});

interface Sets {
  readonly sets: Result<"listCalendars">["holidaySets"];
  readonly days: Map<Id, HolidayDay[]>;
}

function makeSets(): Sets {
  const [house, bavaria] = [newId(), newId()];
  const all = nationwide.flatMap(([in2026, in2027, name]) => [holiday(`2026-${in2026}`, name), holiday(`2027-${in2027}`, name)]);
  const ownDays = [
    holiday("2026-12-24", "Heiligabend", { spans: [{ from: "09:00", to: "12:00" }], isFromSource: false, isEdited: true }),
    holiday("2026-12-31", "Silvester", { isFromSource: false, isEdited: true }),
  ];
  const bavarian = [
    holiday("2026-01-06", "Heilige Drei Könige"),
    holiday("2026-06-04", "Fronleichnam"),
    holiday("2026-11-01", "Allerheiligen", { isRemoved: true }),
  ];
  return {
    sets: [
      { holidaySetId: bavaria, name: "Bayern mit eigenen Tagen", source: "DE-BY", calendarCount: 1 },
      { holidaySetId: house, name: "Deutschland, bundesweit", source: "DE", calendarCount: 1 },
    ],
    days: new Map([
      [house, all],
      [bavaria, [...all, ...ownDays, ...bavarian]],
    ]),
  };
}

function makeCalendars({ sets }: Sets): Calendar[] {
  const house = sets.find(({ source }) => source === "DE")!;
  const bavaria = sets.find(({ source }) => source === "DE-BY")!;
  const ofHouse = calendarPurposes.map((purpose) => {
    const { name, hours, keepsHolidays } = seedCalendars[purpose];
    return {
      calendarId: newId(),
      name: name.de,
      hours: hours as Calendar["hours"],
      workingDays: [...mondayToFriday],
      holidaySetId: keepsHolidays ? house.holidaySetId : null,
      holidaySetName: keepsHolidays ? house.name : null,
      halfDaysWork: true,
      houseUses: [purpose],
      placeCount: 0,
    };
  });
  const service = ofHouse.find(({ houseUses }) => houseUses.includes("service"))!;
  const bavarian = { ...service, calendarId: newId(), name: "Bayerische Kunden", houseUses: [] };
  return [...ofHouse, { ...bavarian, holidaySetId: bavaria.holidaySetId, holidaySetName: bavaria.name }];
}

type Names =
  | "listCalendars"
  | "createCalendar"
  | "changeCalendar"
  | "deleteCalendar"
  | "previewCalendar"
  | "createHolidaySet"
  | "changeHolidaySet"
  | "deleteHolidaySet"
  | "listHolidays"
  | "putHoliday"
  | "deleteHoliday"
  | "getCalendarsInForce"
  | "assignCalendar"
  | "getRounds"
  | "listRoundRecords";

export function calendarHandlers(world: World): Pick<Handlers, Names> {
  const stored = makeSets();
  const calendars = makeCalendars(stored);
  const assigned = new Map<string, Id>();
  const byId = (calendarId: Id) => found(calendars.find((calendar) => calendar.calendarId === calendarId));
  const setName = (id: Id | null) => (id === null ? null : found(stored.sets.find(({ holidaySetId }) => holidaySetId === id)).name);
  const holidaysOf = (id: Id | null) => (id === null ? [] : found(stored.days.get(id)));
  const workingTime = (calendar: Pick<Calendar, "hours" | "workingDays" | "holidaySetId" | "halfDaysWork">, zone = timeZone) =>
    new WorkingTime({
      timeZone: zone,
      hours: calendar.hours,
      workingDays: calendar.workingDays,
      holidays: holidaysOf(calendar.holidaySetId)
        .filter(({ isRemoved }) => !isRemoved)
        .map(({ day, name, spans }) => ({ date: day, name, spans })),
      halfDaysWork: calendar.halfDaysWork,
    });
  const house = (purpose: CalendarPurpose) => calendars.find(({ houseUses }) => houseUses.includes(purpose))!;
  return {
    listCalendars: () => ({ calendars, holidaySets: stored.sets, sources }),
    createCalendar(input) {
      const calendar: Calendar = {
        ...input,
        calendarId: newId(),
        holidaySetName: setName(input.holidaySetId),
        houseUses: [],
        placeCount: 0,
      };
      calendars.push(calendar);
      return calendar;
    },
    changeCalendar({ calendarId, ...change }) {
      const calendar = byId(calendarId);
      Object.assign(calendar, change);
      calendar.holidaySetName = setName(calendar.holidaySetId);
      return calendar;
    },
    deleteCalendar({ calendarId }) {
      const calendar = byId(calendarId);
      if (calendar.houseUses.length > 0 || calendar.placeCount > 0) throw new HauswartError("IN_USE");
      calendars.splice(calendars.indexOf(calendar), 1);
    },
    previewCalendar({ calendar, year, reportedAt, reportedAtLocal, hours, timeZone: zone = timeZone }) {
      const working = workingTime(calendar, zone);
      const names = new Map(
        holidaysOf(calendar.holidaySetId)
          .filter(({ isRemoved }) => !isRemoved)
          .map(({ day, name }) => [day, name]),
      );
      const days = daysOfYear(working, year, names);
      const local = (text: string) => Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
      const at = reportedAt !== undefined ? Date.parse(reportedAt) : reportedAtLocal !== undefined ? local(reportedAtLocal) : null;
      const iso = (ms: number) => new Date(ms).toISOString();
      const opens = days.some(({ openMinutes }) => openMinutes > 0);
      return {
        timeZone: zone,
        year,
        workingDays: days.filter(({ isWorkingDay }) => isWorkingDay).length,
        openHours: days.reduce((sum, { openMinutes }) => sum + openMinutes, 0) / 60,
        days,
        fault:
          at === null
            ? null
            : {
                reportedAt: iso(at),
                isOpen: working.isOpen(at),
                opensAt: opens ? iso(working.nextOpenMs(at)) : null,
                due: hours.map((count) => dueOf(working, at, count, opens)),
              },
      };
    },
    ...holidayHandlers(stored, calendars),
    getCalendarsInForce({ customerId, siteId }) {
      const inForce = (site: Id | undefined) => ({
        timeZone,
        calendars: calendarPurposes.map((purpose) => {
          const [bySite, byCustomer] = [assigned.get(`${site} ${purpose}`), assigned.get(`${customerId} ${purpose}`)];
          const from = bySite ? "site" : byCustomer ? "customer" : "provider";
          const { calendarId, name } = byId(bySite ?? byCustomer ?? house(purpose).calendarId);
          return { purpose, calendarId, calendarName: name, from } as const;
        }),
      });
      const sites = siteId === undefined ? world.sites.filter((site) => site.customerId === customerId) : [];
      return { ...inForce(siteId), sites: sites.map((site) => ({ siteId: site.siteId, ...inForce(site.siteId) })) };
    },
    assignCalendar({ scopeId, purpose, calendarId }) {
      const key = `${scopeId} ${purpose}`;
      if (calendarId === null) assigned.delete(key);
      else assigned.set(key, byId(calendarId).calendarId);
      return { calendarId };
    },
    ...roundHandlers(world, () => workingTime(house("service"))),
  };
}

function dueOf(working: WorkingTime, atMs: number, hours: number, opens: boolean) {
  const iso = (ms: number) => new Date(ms).toISOString();
  const dueMs = opens ? working.dueMs(atMs, hours * hourMs) : null;
  const counted = dueMs === null ? [] : working.openSpans(atMs, dueMs, 60);
  return {
    hours,
    at: dueMs === null ? null : iso(dueMs),
    counted: counted.map(({ fromMs, toMs }) => ({ from: iso(fromMs), to: iso(toMs) })),
    hasMore: false,
  };
}

function holidayHandlers(
  stored: ReturnType<typeof makeSets>,
  calendars: readonly Calendar[],
): Pick<Handlers, "createHolidaySet" | "changeHolidaySet" | "deleteHolidaySet" | "listHolidays" | "putHoliday" | "deleteHoliday"> {
  const holidaysOf = (id: Id) => found(stored.days.get(id));
  return {
    createHolidaySet({ name, source }) {
      const set = { holidaySetId: newId(), name, source, calendarCount: 0 };
      stored.sets.push(set);
      stored.days.set(set.holidaySetId, source === null ? [] : nationwide.map(([in2026, , of]) => holiday(`2026-${in2026}`, of)));
      return set;
    },
    changeHolidaySet({ holidaySetId, name }) {
      const set = found(stored.sets.find((one) => one.holidaySetId === holidaySetId));
      set.name = name;
      for (const calendar of calendars) if (calendar.holidaySetId === holidaySetId) calendar.holidaySetName = name;
      return set;
    },
    deleteHolidaySet({ holidaySetId }) {
      const set = found(stored.sets.find((one) => one.holidaySetId === holidaySetId));
      const usedBy = calendars.filter((one) => one.holidaySetId === holidaySetId).map(({ name }) => ({ kind: "calendar", name }));
      if (usedBy.length > 0) throw new HauswartError("IN_USE", undefined, { usedBy });
      stored.sets.splice(stored.sets.indexOf(set), 1);
    },
    listHolidays: ({ holidaySetId, year }) => ({
      holidays: holidaysOf(holidaySetId)
        .filter(({ day }) => day.startsWith(`${year}-`))
        .toSorted((one, other) => one.day.localeCompare(other.day)),
    }),
    putHoliday({ holidaySetId, day, name, spans }) {
      const days = holidaysOf(holidaySetId);
      const known = days.find((one) => one.day === day);
      const changed = holiday(day, name, { spans, isFromSource: known?.isFromSource ?? false, isEdited: true });
      if (known) Object.assign(known, changed);
      else days.push(changed);
      return changed;
    },
    deleteHoliday({ holidaySetId, day }) {
      const days = holidaysOf(holidaySetId);
      const known = found(days.find((one) => one.day === day));
      if (known.isFromSource) known.isRemoved = true;
      else days.splice(days.indexOf(known), 1);
    },
  };
}

function daysOfYear(working: WorkingTime, year: number, names: ReadonlyMap<string, string>): Result<"previewCalendar">["days"] {
  const first = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  const startOf = (date: Temporal.PlainDate) => date.toZonedDateTime(working.timeZone).epochMilliseconds;
  return Array.from({ length: first.daysInYear }, (_, index) => {
    const date = first.add({ days: index });
    const openMinutes = Math.round(working.elapsedMs(startOf(date), startOf(date.add({ days: 1 }))) / minuteMs);
    return {
      day: date.toString(),
      isWorkingDay: working.isWorkingDay(date.toString()),
      openMinutes,
      spans: working.hoursOn(date.toString()),
      holiday: names.get(date.toString()) ?? null,
    };
  });
}

function roundHandlers(world: World, working: () => WorkingTime): Pick<Handlers, "getRounds" | "listRoundRecords"> {
  const days = () => {
    const time = working();
    const today = Temporal.PlainDate.from(time.dateOf(world.nowMs()));
    return Array.from({ length: 60 }, (_, back) => today.subtract({ days: back }).toString())
      .filter((day) => time.isWorkingDay(day))
      .slice(0, 10);
  };
  const dueMs = (day: string) => Temporal.PlainDate.from(day).toZonedDateTime({ timeZone, plainTime: "09:00" }).epochMilliseconds;
  const records = (): RoundRecord[] =>
    days()
      .filter((day) => dueMs(day) <= world.nowMs())
      .flatMap((day, index) =>
        world.devices
          .filter(({ device }) => device.lifecycle === "active")
          .map((one, place) => recordOf(one, place, { day, index, dueMs: dueMs(day) })),
      );
  return {
    getRounds({ customerId }) {
      const own = records().filter((record) => customerId === undefined || record.customerId === customerId);
      return {
        rounds: [
          {
            check: "antivirus-status",
            localTime: "09:00",
            timeZone,
            days: days().map((day) => {
              const ofDay = own.filter((record) => record.day === day);
              const count = (fits: (record: RoundRecord) => boolean) => ofDay.filter(fits).length;
              return {
                day,
                isDue: dueMs(day) <= world.nowMs(),
                devices: ofDay.length,
                done: count(({ state }) => state === "done"),
                late: count(({ state, isLate }) => state === "done" && isLate),
                waiting: count(({ state }) => state === "waiting"),
                notMeasurable: count(({ state }) => state === "not-measurable"),
                warning: count(({ result }) => result === "warning"),
                failure: count(({ result }) => result === "failure"),
              };
            }),
          },
        ],
      };
    },
    listRoundRecords({ customerId, deviceId, fromDay, toDay, state, ...page }) {
      const fits = (record: RoundRecord) =>
        (customerId === undefined || record.customerId === customerId) &&
        (deviceId === undefined || record.deviceId === deviceId) &&
        (fromDay === undefined || record.day >= fromDay) &&
        (toDay === undefined || record.day <= toDay) &&
        (state === undefined ||
          record.state === state ||
          (state === "late" && record.state === "done" && record.isLate) ||
          (state === "bad" && record.result !== null && record.result !== "ok"));
      return pageOf(records().filter(fits), page);
    },
  };
}

/** Some are off, some are late, one has old signatures. */
function recordOf(
  { device }: DoubleDevice,
  place: number,
  { day, index, dueMs }: { day: string; index: number; dueMs: number },
): RoundRecord {
  const isOff = (place + index) % 9 === 4;
  const isLate = (place + index) % 11 === 3;
  const workingDays = place % 17 === 5 ? 3 : place % 2;
  const evidenceMs = isOff ? dueMs - 15 * hourMs : dueMs + (isLate ? 95 * minuteMs : 4_000 + place * 40);
  const result = workingDays > 2 ? "warning" : "ok";
  return {
    deviceId: device.deviceId,
    deviceName: device.name,
    customerId: device.customerId,
    customerName: device.customerName,
    siteName: device.siteName,
    check: "antivirus-status",
    day,
    dueAt: new Date(dueMs).toISOString(),
    timeZone,
    state: isOff ? "not-measurable" : "done",
    reason: isOff ? "device-off" : null,
    detail: "",
    result: isOff ? null : result,
    evidenceAt: new Date(evidenceMs).toISOString(),
    subjects: [
      {
        subject: device.system === "linux" ? "ClamAV" : "Microsoft Defender",
        state: isOff ? "unknown" : result,
        evidence: {
          signatureVersion: "1.441.52.0",
          signatureAtMs: evidenceMs - 7 * hourMs - workingDays * 24 * hourMs,
          ageWorkingDays: workingDays,
          ageHours: 7,
        },
      },
    ],
    recordedAt: new Date(evidenceMs + 6_000).toISOString(),
    isLate,
  };
}
