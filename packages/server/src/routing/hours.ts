/** The calendars (packages/server/src/calendars) as routing asks them. */
import { CalendarError } from "@hauswart/calendar/definition.ts";
import type { WorkingTime } from "@hauswart/calendar/working-time.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { calendarsOf } from "../calendars/calendars-of.ts";
import type { Services } from "../services.ts";
import type { OpenHours } from "./rota/shifts.ts";

/** The hours of a place; without a customer those of the house. */
export type HoursAt = (place: { readonly customerId: Id | null; readonly siteId: Id | null }) => OpenHours;

export interface RoutingHours {
  readonly quietAt: HoursAt;
  readonly serviceAt: HoursAt;
}

/** What holds where a calendar cannot be used: never quiet, always service. An alarm at a bad hour is better than none. */
const fallback: Readonly<Record<"quiet" | "service", OpenHours>> = {
  quiet: { isOpen: () => false, nextOpenMs: () => Infinity, closesMs: (atMs) => atMs },
  service: { isOpen: () => true, nextOpenMs: (atMs) => atMs, closesMs: () => Infinity },
};

/** A calendar without any hours opens at Infinity, which is not an error where people are called. */
export function openHoursOf(working: WorkingTime): OpenHours {
  return {
    isOpen: (atMs) => working.isOpen(atMs),
    closesMs: (atMs) => working.closesMs(atMs),
    nextOpenMs(atMs) {
      try {
        return working.nextOpenMs(atMs);
      } catch (error) {
        if (error instanceof CalendarError && error.code === "CALENDAR_NEVER_OPEN") return Infinity;
        throw error;
      }
    },
  };
}

/** Quiet hours and service hours of any place of a provider. Ask before the transaction: it may read, and make what a new house lacks. */
export async function routingHours(services: Services, providerId: Id): Promise<RoutingHours> {
  const calendars = await calendarsOf(services, providerId);
  const at =
    (purpose: "quiet" | "service"): HoursAt =>
    ({ customerId, siteId }) => {
      try {
        return openHoursOf(calendars.workingTime(customerId === null ? null : { customerId, siteId }, purpose));
      } catch (error) {
        if (!(error instanceof CalendarError)) throw error;
        services.log.warn("a calendar cannot be used; alarms come at every hour", { providerId, customerId, purpose, error });
        return fallback[purpose];
      }
    };
  return { quietAt: at("quiet"), serviceAt: at("service") };
}
