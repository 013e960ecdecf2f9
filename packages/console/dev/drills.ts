/** Alarm drills, in the double: one that was confirmed, one that was not, and those that are started by hand. */
import type { AlarmDrill, DrillNotice } from "@hauswart/protocol/api/alarm-drills.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import type { Handlers } from "./handlers.ts";
import { found } from "./paging.ts";
import type { World } from "./world.ts";

type DrillRoute = "startAlarmDrill" | "listAlarmDrills" | "getAlarmDrill" | "confirmAlarmDrill";
type Customer = World["customers"][number];

const dayMs = 86_400_000;

export function drillHandlers(world: World): Pick<Handlers, DrillRoute> {
  const iso = (ms: number) => new Date(ms).toISOString();
  const drills = world.customers
    .slice(0, 3)
    .flatMap((customer) => [
      drillOf(customer, world.nowMs() - 12 * dayMs, [4_000, 4_400, 4_900, 5_300, 340_000]),
      drillOf(customer, world.nowMs() - 43 * dayMs, [3_000, 3_300, 4_100, 4_600]),
    ]);
  /** In the double, a token is a customer's id; the mail is about the drill that is running. */
  const confirmed = new Map<string, string>();
  const noticeOf = (token: string): DrillNotice => {
    const customer = world.customers.find(({ customerId }) => customerId === token);
    if (!customer) throw new HauswartError("LINK_INVALID");
    return {
      language: "de",
      providerName: world.settings.name,
      customerName: customer.name,
      deviceName: deviceOf(customer).name,
      timeZone: "Europe/Berlin",
      startedAt: iso(world.nowMs() - 600_000),
      confirmedAt: confirmed.get(token) ?? null,
      isOver: false,
    };
  };
  return {
    listAlarmDrills: ({ customerId }) => ({ items: drills.filter((drill) => !customerId || drill.customerId === customerId), next: null }),
    startAlarmDrill({ customerId }) {
      const customer = found(world.customers.find((one) => one.customerId === customerId));
      if (drills.some((drill) => drill.customerId === customerId && drill.result === null)) throw new HauswartError("CONFLICT");
      const drill: AlarmDrill = {
        ...drillOf(customer, world.nowMs(), []),
        startedBy: "Leitstelle",
        endedAt: null,
        result: null,
        reason: null,
      };
      drills.unshift(drill);
      return drill;
    },
    getAlarmDrill: ({ token }) => noticeOf(token),
    confirmAlarmDrill({ token }) {
      const notice = noticeOf(token);
      if (!confirmed.has(token)) confirmed.set(token, iso(world.nowMs()));
      return { ...notice, confirmedAt: confirmed.get(token)! };
    },
  };

  function deviceOf({ customerId }: Customer) {
    const device = world.devices.find(({ device }) => device.customerId === customerId)?.device;
    return { deviceId: device?.deviceId ?? newId(world.nowMs()), name: device?.name ?? "PC-1" };
  }

  /** @param steps milliseconds since the start: measured, found, mailed, accepted, confirmed; those that are missing never came */
  function drillOf(customer: Customer, atMs: number, [measured, found, mailed, accepted, pressed]: readonly number[]): AlarmDrill {
    const time = (afterMs: number | undefined) => (afterMs === undefined ? null : iso(atMs + afterMs));
    const { deviceId, name: deviceName } = deviceOf(customer);
    return {
      drillId: newId(atMs),
      customerId: customer.customerId,
      customerName: customer.name,
      deviceId,
      deviceName,
      startedBy: null,
      startedAt: iso(atMs),
      findingId: null,
      measuredAt: time(measured),
      foundAt: time(found),
      mailedAt: time(mailed),
      acceptedAt: time(accepted),
      confirmedAt: time(pressed),
      confirmedBy: pressed === undefined ? null : "leitung@kunde.example",
      endedAt: time(pressed ?? 3 * dayMs),
      result: pressed === undefined ? "failed" : "done",
      reason: pressed === undefined ? "not-confirmed" : null,
    };
  }
}
