/** What happened to a device of the double. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import type { DoubleDevice } from "./fleet.ts";
import type { World } from "./world.ts";

export function timelineOf(world: World, { device }: DoubleDevice): ItemOf<"listDeviceTimeline">[] {
  const { presence } = device;
  const about = (kind: string, at: string, detail: Record<string, unknown> = {}) => ({ at, kind, text: kind, detail });
  const findings = world.findings
    .filter(({ finding }) => finding.deviceId === device.deviceId)
    .flatMap(({ finding, events }) =>
      events.map((event) =>
        about(`finding-${event.kind}`, event.at, {
          findingId: finding.findingId,
          check: finding.check,
          code: finding.code,
          subject: finding.subject,
          evidence: finding.evidence,
          severity: event.severity,
          by: event.actor,
          note: event.note,
        }),
      ),
    );
  const comings = [
    about("enrolled", device.enrolledAt, { by: device.name }),
    ...(presence.state === "present" && presence.since ? [about("connected", presence.since)] : []),
    ...(presence.state === "shut-down" && presence.since ? [about("shut-down", presence.since, { reason: presence.reason })] : []),
    ...(presence.state === "silent" && presence.since ? [about("disconnected", presence.since, { reason: presence.reason })] : []),
  ];
  return [...findings, ...comings].sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
}
