/** The overview of the double's world. */
import { alarmDrillCheckId } from "@hauswart/protocol/alarm-drill.ts";
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { midnightAfter } from "./midnight.ts";
import type { World } from "./world.ts";

const dayMs = 86_400_000;

export function overviewOf(world: World, customerId: string | undefined, since?: string): ResponseOf<"getOverview"> {
  const within = (item: { readonly customerId: string | null }) => !customerId || item.customerId === customerId;
  const devices = world.devices.filter(({ device }) => device.lifecycle !== "revoked" && within(device));
  const findings = world.findings.map(({ finding }) => finding).filter((one) => within(one) && one.check !== alarmDrillCheckId);
  const open = findings.filter(({ state }) => state === "open");
  const heldBy = (kind: string) => findings.filter(({ state, hold }) => state !== "closed" && hold?.kind === kind).length;
  const isMeasured = ({ device }: World["devices"][number]) => device.checks.ok + device.checks.warning + device.checks.failure > 0;
  const byState = (state: string) => devices.filter(({ device }) => device.state === state).length;
  const measured = devices.filter(isMeasured).length;
  const severityCount = (list: typeof findings, severity: string) => list.filter((finding) => finding.severity === severity).length;
  const until = new Date(midnightAfter(world.nowMs())).toISOString();
  const promised = findings
    .filter(({ acknowledgement }) => (acknowledgement?.until ?? "9") <= until)
    .filter(({ state }) => state === "acknowledged")
    .sort((one, other) => Date.parse(one.acknowledgement!.until!) - Date.parse(other.acknowledgement!.until!));
  const lacking = devices.filter((one) => one.device.checks.unknown > 0 || !isMeasured(one));
  return {
    at: new Date(world.nowMs()).toISOString(),
    devices: {
      total: devices.length,
      measured,
      notMeasured: devices.length - measured,
      byState: { ok: byState("ok"), warning: byState("warning"), failure: byState("failure"), unknown: byState("unknown") },
      present: devices.filter(({ device }) => device.presence.state === "present").length,
    },
    findings: {
      warning: severityCount(open, "warning"),
      failure: severityCount(open, "failure"),
      acknowledged: findings.filter(({ state }) => state === "acknowledged").length,
      held: { maintenance: heldBy("maintenance"), cause: heldBy("cause") },
    },
    broken: world.customers
      .map((customer) => ({ customer, own: open.filter((finding) => finding.customerId === customer.customerId) }))
      .filter(({ own }) => own.length > 0)
      .map(({ customer, own }) => ({
        customerId: customer.customerId,
        customerName: customer.name,
        warning: severityCount(own, "warning"),
        failure: severityCount(own, "failure"),
        affectedDevices: new Set(own.flatMap(({ deviceId }) => deviceId ?? [])).size,
        oldestOpenedAt: own.map(({ openedAt }) => openedAt).sort()[0]!,
      }))
      .sort((one, other) => other.failure - one.failure),
    unknownTotal: lacking.length,
    unknown: lacking.slice(0, 100).map(({ device, failing }) => ({
      deviceId: device.deviceId,
      deviceName: device.name,
      customerName: device.customerName,
      reason:
        Object.keys(failing).length > 0
          ? "collect-failed"
          : device.presence.state === "present"
            ? "evidence-too-old"
            : device.presence.state,
      since: device.presence.state === "present" ? new Date(world.nowMs() - 4 * 3_600_000).toISOString() : device.presence.since,
      checks: device.checks.unknown,
    })),
    changed: findings
      .filter(({ changedAt }) => Date.parse(changedAt) >= (since ? Date.parse(since) : world.nowMs() - dayMs))
      .sort((one, other) => Date.parse(other.changedAt) - Date.parse(one.changedAt)),
    promised: { until, total: promised.length, findings: promised },
    server: {
      mailStuck: world.mails.filter(({ state }) => state === "queued").length,
      mailKept: world.mails.filter(({ state }) => state === "kept").length,
      startedAt: new Date(world.nowMs() - 12.4 * dayMs).toISOString(),
      version: "0.1.0",
      diskFreeBytes: 84_300_000_000,
    },
  };
}
