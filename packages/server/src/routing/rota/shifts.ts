/**
 * Who is on call from when to when. Pure: a rota, its stand-ins and the service hours, to shifts.
 *
 * People of a layer relieve each other at the same weekday and local time, every so many weeks; the first handover is the one on or
 * before the day on which the layer starts. A handover keeps its local time over both changes of daylight saving time.
 */
import { momentAt } from "@hauswart/calendar/local-time.ts";
import type { Hours, RotaLayer } from "@hauswart/protocol/api/routing.ts";
import type { Id } from "@hauswart/protocol/ids.ts";

/** What is asked of a working time (packages/calendar). */
export interface OpenHours {
  isOpen(atMs: number): boolean;
  nextOpenMs(atMs: number): number;
  closesMs(atMs: number): number;
}

export interface RotaTimes {
  /** IANA name: whose clock the handovers go by. */
  readonly timeZone: string;
  readonly layers: readonly RotaLayer[];
  readonly overrides: readonly StandIn[];
  readonly service: OpenHours;
}

/** Times are Unix milliseconds. */
export interface StandIn {
  readonly overrideId: Id;
  readonly layer: number;
  readonly accountId: Id;
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface PlannedShift {
  readonly layer: number;
  readonly accountId: Id;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly overrideId: Id | null;
}

/** Whether a moment lies in these hours. */
export function isWithin(hours: Hours, service: OpenHours, atMs: number): boolean {
  return hours === "always" || service.isOpen(atMs) === (hours === "service");
}

/** The shift of a layer at a moment; undefined when nobody is on call then. It ends with the handover, the stand-in or the hours. */
export function shiftAt(rota: RotaTimes, layer: number, atMs: number): PlannedShift | undefined {
  const definition = rota.layers[layer];
  if (!definition || !isWithin(definition.hours, rota.service, atMs)) return undefined;
  const own = standInsOf(rota, layer);
  const standIn = own.find(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs);
  const turn = turnAt(definition, rota.timeZone, atMs);
  if (!standIn && !turn) return undefined;
  const nextStandInMs = Math.min(...own.filter(({ fromMs }) => fromMs > atMs).map(({ fromMs }) => fromMs));
  const untilMs = Math.min(hoursEndMs(definition.hours, rota.service, atMs), nextStandInMs, standIn?.untilMs ?? turn!.untilMs);
  return { layer, accountId: standIn?.accountId ?? turn!.accountId, fromMs: atMs, untilMs, overrideId: standIn?.overrideId ?? null };
}

/** All shifts that touch a time, in order; a person's shifts that follow each other without a gap are one. */
export function shiftsBetween(rota: RotaTimes, fromMs: number, untilMs: number): PlannedShift[] {
  return rota.layers.flatMap((definition, layer) => {
    const shifts: PlannedShift[] = [];
    for (let atMs = fromMs; atMs < untilMs;) {
      const shift = shiftAt(rota, layer, atMs);
      const endMs = Math.min(untilMs, shift?.untilMs ?? nextStartMs(rota, definition, layer, atMs));
      if (endMs <= atMs) break;
      const before = shifts.at(-1);
      if (shift && before?.untilMs === atMs && before.accountId === shift.accountId && before.overrideId === shift.overrideId)
        shifts[shifts.length - 1] = { ...before, untilMs: endMs };
      else if (shift) shifts.push({ ...shift, untilMs: endMs });
      atMs = endMs;
    }
    return shifts;
  });
}

/** The newest goes before older ones. */
const standInsOf = ({ overrides }: RotaTimes, layer: number): StandIn[] =>
  overrides.filter((override) => override.layer === layer).toSorted((one, other) => (one.overrideId < other.overrideId ? 1 : -1));

function hoursEndMs(hours: Hours, service: OpenHours, atMs: number): number {
  if (hours === "always") return Infinity;
  return hours === "service" ? service.closesMs(atMs) : service.nextOpenMs(atMs);
}

/** When somebody can be on call again, for a moment at which nobody is. */
function nextStartMs({ overrides, timeZone, service }: RotaTimes, definition: RotaLayer, layer: number, atMs: number): number {
  if (!isWithin(definition.hours, service, atMs)) return definition.hours === "service" ? service.nextOpenMs(atMs) : service.closesMs(atMs);
  const startMs = handoverMs(definition, timeZone, 0);
  const starts = [startMs, ...overrides.filter((override) => override.layer === layer).map(({ fromMs }) => fromMs)];
  return Math.min(...starts.filter((startsMs) => startsMs > atMs));
}

/** Local date of the first handover. */
function firstHandover({ startsOn, handover }: RotaLayer): Temporal.PlainDate {
  const start = Temporal.PlainDate.from(startsOn);
  return start.subtract({ days: (start.dayOfWeek - handover.weekday + 7) % 7 });
}

/** The moment of a handover by its number, 0 for the first. A skipped local time is the moment of the change, a doubled one its first. */
function handoverMs(definition: RotaLayer, timeZone: string, number: number): number {
  const date = firstHandover(definition).add({ weeks: number * definition.everyWeeks });
  return momentAt(date.toString(), definition.handover.time, timeZone);
}

/** Whose turn it is by the list; undefined before the layer starts. */
function turnAt(definition: RotaLayer, timeZone: string, atMs: number): { accountId: Id; untilMs: number } | undefined {
  const handover = (turn: number) => handoverMs(definition, timeZone, turn);
  if (atMs < handover(0)) return undefined;
  const today = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate();
  // By the date; on the day of the handover its moment decides.
  let turn = Math.floor(firstHandover(definition).until(today, { largestUnit: "day" }).days / 7 / definition.everyWeeks);
  while (handover(turn + 1) <= atMs) turn++;
  while (turn > 0 && handover(turn) > atMs) turn--;
  const { accountIds } = definition;
  return { accountId: accountIds[turn % accountIds.length]!, untilMs: handover(turn + 1) };
}
