/** Findings of the double: open ones from what its devices really show, acknowledged ones and closed ones besides. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import type { FlapEvidence } from "@hauswart/protocol/flapping.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import type { DoubleDevice } from "./fleet.ts";
import { checksOf } from "./judging.ts";
import { namesOf } from "./names.ts";
import { midnightAfter } from "./midnight.ts";
import type { World } from "./world.ts";

export interface FindingWithEvents {
  finding: Finding;
  readonly events: ResponseOf<"getFinding">["events"];
}

const hourMs = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

/** A finding that opened so many hours ago. */
export function makeFinding(
  world: World,
  one: DoubleDevice,
  hoursAgo: number,
  about: Pick<Finding, "check" | "code" | "subject" | "severity" | "evidence">,
): FindingWithEvents {
  const { device } = one;
  const openedAt = iso(world.nowMs() - hoursAgo * hourMs);
  const finding: Finding = {
    findingId: newId(Date.parse(openedAt)),
    customerId: device.customerId,
    customerName: device.customerName,
    siteId: device.siteId,
    siteName: device.siteName,
    timeZone: world.settings.timeZone,
    deviceId: device.deviceId,
    deviceName: device.name,
    instance: "",
    state: "open",
    evidenceAt: iso(world.nowMs() - 40_000),
    openedAt,
    changedAt: openedAt,
    closedAt: null,
    acknowledgement: null,
    hold: null,
    incident: null,
    ...about,
  };
  return {
    finding,
    events: [
      { at: openedAt, kind: "opened", actor: "Hauswart", severity: about.severity, note: null, evidence: about.evidence },
      { at: iso(Date.parse(openedAt) + 1_400), kind: "mailed", actor: "Hauswart", severity: null, note: null, evidence: null },
    ],
  };
}

export function acknowledge(
  world: World,
  one: FindingWithEvents,
  by: string,
  note: string,
  until: string | null,
  atMs = world.nowMs(),
  customerNote = "",
): void {
  one.finding = {
    ...one.finding,
    state: "acknowledged",
    changedAt: iso(atMs),
    acknowledgement: { by, at: iso(atMs), note, customerNote, until },
  };
  one.events.push({ at: iso(atMs), kind: "acknowledged", actor: by, severity: null, note, evidence: null });
}

export function close(one: FindingWithEvents, atMs: number): void {
  one.finding = { ...one.finding, state: "closed", closedAt: iso(atMs), changedAt: iso(atMs) };
  one.events.push({ at: iso(atMs), kind: "closed", actor: "Hauswart", severity: null, note: null, evidence: null });
}

/** Hours ago at which open findings appeared, in turn. */
const ages = [0.3, 1.1, 2.7, 5.2, 9, 26, 51, 120];

export function makeFindings(world: World): FindingWithEvents[] {
  const names = namesOf(world);
  const made: FindingWithEvents[] = [];
  for (const one of world.devices) {
    if (one.device.lifecycle === "revoked") continue;
    for (const check of checksOf(one, world.policies, names, world.nowMs())) {
      for (const { code, subject, state, evidence } of check.subjects) {
        if (state !== "warning" && state !== "failure") continue;
        made.push(
          makeFinding(world, one, ages[made.length % ages.length]!, { check: check.check, code, subject, severity: state, evidence }),
        );
      }
    }
    const { device } = one;
    if (device.presence.state === "silent")
      made.push(
        makeFinding(world, one, (world.nowMs() - Date.parse(device.presence.since!)) / hourMs, {
          check: deviceCheckId,
          code: "silent",
          subject: "",
          severity: "failure",
          evidence: {
            lastSeenAtMs: Date.parse(device.presence.lastSeenAt!),
            why: "computer-gone",
            certainty: "likely",
            clues: "no-ping does-not-resolve others-connected",
          },
        }),
      );
    // From before it fell silent; nobody knows whether it is still so.
    if (device.presence.state === "silent") made.push(...olderThanSilence(world, one, made));
    if (device.lifecycle === "quarantined")
      made.push(makeFinding(world, one, 20, { check: deviceCheckId, code: "cloned", subject: "", severity: "failure", evidence: {} }));
    if (Math.abs(device.clockOffsetMs ?? 0) > 300_000)
      made.push(
        makeFinding(world, one, 71, {
          check: deviceCheckId,
          code: "clock-wrong",
          subject: "",
          severity: "warning",
          evidence: { offsetSeconds: device.clockOffsetMs! / 1_000 },
        }),
      );
  }
  made.slice(2, 9).forEach((one, index) => {
    if (index % 3 !== 0) return;
    const note = [
      "Ersatzplatte ist bestellt, Einbau am Donnerstag.",
      "Mit dem Kunden besprochen: alte Sicherungen werden gelöscht.",
      "Beobachten wir.",
    ][index / 3]!;
    acknowledge(
      world,
      one,
      index === 3 ? "Nachtdienst" : "Leitstelle",
      note,
      index === 0 ? iso(world.nowMs() + 3 * 24 * hourMs) : index === 3 ? iso(midnightAfter(world.nowMs()) - 1_000) : null,
      Date.parse(one.finding.openedAt) + 600_000,
    );
  });
  holdBack(world, made);
  const flapping = made.find(({ finding }) => finding.check === "services" && finding.state === "open" && finding.hold === null)?.finding;
  if (flapping) {
    const flaps: FlapEvidence = { flapCount: 4, flapsSinceAtMs: Date.parse(flapping.openedAt) - 47 * 60_000 };
    Object.assign(flapping, { evidence: { ...flapping.evidence, ...flaps } });
  }
  return [...made, ...makeClosed(world, made)].sort((one, other) => Date.parse(other.finding.openedAt) - Date.parse(one.finding.openedAt));
}

/** One that a maintenance window holds back, and a site without connection with the devices that it explains. */
function holdBack(world: World, made: FindingWithEvents[]): void {
  const [, , worked] = world.devices;
  const site = world.sites[4];
  if (!worked || !site) return;
  const held = makeFinding(world, worked, 0.3, {
    check: "services",
    code: "not-running",
    subject: "MSSQLSERVER",
    severity: "failure",
    evidence: { status: "stopped" },
  });
  const until = iso(world.nowMs() + 110 * 60_000);
  held.finding = {
    ...held.finding,
    hold: { kind: "maintenance", maintenanceWindowId: null, windowName: "Netzteil wird getauscht", until },
  };
  held.events.splice(1, 1, {
    at: held.finding.openedAt,
    kind: "held",
    actor: "Hauswart",
    severity: null,
    note: "maintenance",
    evidence: null,
  });
  const lost = world.devices.filter(({ device }) => device.siteId === site.siteId && device.lifecycle === "active").slice(0, 5);
  if (lost.length < 3) return void made.push(held);
  const lostAtMs = world.nowMs() - 9 * 60_000;
  const outage = makeFinding(world, lost[0]!, 0.12, {
    check: "site",
    code: "offline",
    subject: "",
    severity: "failure",
    evidence: { lost: lost.length, stillConnected: 0, lostAtMs },
  });
  const incident = { incidentId: newId(lostAtMs), causeFindingId: outage.finding.findingId, members: 0 };
  outage.finding = { ...outage.finding, deviceId: null, deviceName: null, incident: { ...incident, isCause: true, members: lost.length } };
  const silent = lost.map((one) => {
    const own = makeFinding(world, one, 0.05, {
      check: deviceCheckId,
      code: "silent",
      subject: "",
      severity: "failure",
      evidence: { lastSeenAtMs: lostAtMs, why: "site-offline", certainty: "likely", clues: "site-offline others-lost" },
    });
    const hold = { kind: "cause" as const, maintenanceWindowId: null, windowName: null, until: null };
    return { ...own, finding: { ...own.finding, hold, incident: { ...incident, isCause: false } } };
  });
  made.push(held, outage, ...silent);
}

/** What was open already when a device fell silent: two volumes, as full as that of another device. */
function olderThanSilence(world: World, one: DoubleDevice, made: readonly FindingWithEvents[]): FindingWithEvents[] {
  const like = made.find(({ finding }) => finding.check === "disk-space")?.finding;
  if (!like) return [];
  const silentHours = (world.nowMs() - Date.parse(one.device.presence.since!)) / hourMs;
  const { check, code, severity, evidence } = like;
  return ["/", "/home"].map((subject, index) =>
    makeFinding(world, one, silentHours + 30 + index * 22, { check, code, subject, severity, evidence }),
  );
}

/** Earlier findings like the open ones, and some on devices that are well today. */
function makeClosed(world: World, open: readonly FindingWithEvents[]): FindingWithEvents[] {
  return open.slice(0, 12).flatMap(({ finding }, index) => {
    const own = world.devices.find(({ device }) => device.deviceId === finding.deviceId)!;
    const other = world.devices[(index * 5 + 2) % world.devices.length]!;
    return [own, other].map((one, place) => {
      const hoursAgo = 30 + index * 37 + place * 90;
      const { check, code, subject, severity, evidence } = finding;
      const past = makeFinding(world, one, hoursAgo, { check, code, subject, severity, evidence });
      close(past, world.nowMs() - (hoursAgo - 0.4 - (index % 4)) * hourMs);
      return past;
    });
  });
}
