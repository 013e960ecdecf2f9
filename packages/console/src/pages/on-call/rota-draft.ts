/** A rota as the form has it. Whoever is on duty stays so until the next handover, unless the form says otherwise. Pure, tested beside. */
import type { Hours, Rota, RotaLayer } from "@hauswart/protocol/api/routing.ts";

export interface LayerDraft {
  readonly name: string;
  readonly hours: Hours;
  readonly weekday: number;
  readonly time: string;
  readonly everyWeeks: number;
  readonly accountIds: readonly string[];
  /** Whose turn it is since the last handover; the others follow in the order of the list. */
  readonly now: string;
}

export interface RotaDraft {
  readonly name: string;
  readonly timeZone: string;
  readonly layers: readonly LayerDraft[];
}

export const mostLayers = 5;
const weekMs = 7 * 86_400_000;

/** Date and time on the wall clock of a place, as if it were UTC. */
function wallClockMs(timeZone: string, atMs: number): number {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(atMs);
  const part = (type: string) => parts.find((one) => one.type === type)!.value;
  return Date.parse(`${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}:00Z`);
}

/** The local date on which it is now. */
export const today = (timeZone: string, atMs: number): string => new Date(wallClockMs(timeZone, atMs)).toISOString().slice(0, 10);

/** Whose turn it is by the list, whoever stands in; the first before the layer has begun. */
export function turnOf({ startsOn, handover, everyWeeks, accountIds }: RotaLayer, timeZone: string, atMs: number): string {
  const startMs = Date.parse(`${startsOn}T${handover.time}:00Z`);
  const weekday = ((new Date(startMs).getUTCDay() + 6) % 7) + 1;
  const firstMs = startMs - ((weekday - handover.weekday + 7) % 7) * 86_400_000;
  const turns = Math.floor((wallClockMs(timeZone, atMs) - firstMs) / weekMs / everyWeeks);
  return accountIds[turns < 0 ? 0 : turns % accountIds.length]!;
}

export function rotaDraft({ name, timeZone, layers }: Rota, atMs: number): RotaDraft {
  return {
    name,
    timeZone,
    layers: layers.map((layer) => ({
      name: layer.name,
      hours: layer.hours,
      weekday: layer.handover.weekday,
      time: layer.handover.time,
      everyWeeks: layer.everyWeeks,
      accountIds: layer.accountIds,
      now: turnOf(layer, timeZone, atMs),
    })),
  };
}

export const isWholeLayer = ({ name, accountIds, time }: LayerDraft): boolean =>
  name.trim() !== "" && accountIds.length > 0 && /^\d\d:\d\d$/.test(time);

/** Counting begins anew, with whoever has the turn, only where something of the turns was changed. */
export function layerFrom(draft: LayerDraft, base: RotaLayer | undefined, timeZone: string, atMs: number): RotaLayer {
  const { name, hours, weekday, time, everyWeeks, accountIds, now } = draft;
  const handover = { weekday, time };
  const said = { name: name.trim(), hours, handover, everyWeeks };
  const isSameTurn =
    base !== undefined &&
    base.everyWeeks === everyWeeks &&
    base.handover.weekday === weekday &&
    base.handover.time === time &&
    base.accountIds.join() === accountIds.join() &&
    turnOf(base, timeZone, atMs) === now;
  if (isSameTurn) return { ...base, ...said };
  const first = Math.max(0, accountIds.indexOf(now));
  return { ...said, startsOn: today(timeZone, atMs), accountIds: [...accountIds.slice(first), ...accountIds.slice(0, first)] };
}
