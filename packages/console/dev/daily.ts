/** The daily work and the first hour in the double: notes, the test mail, the first steps, and an alarm that goes its whole way. */
import { alarmDrillCheckId } from "@hauswart/protocol/alarm-drill.ts";
import type { FirstSteps } from "@hauswart/protocol/api/daily.ts";
import type { Finding } from "@hauswart/protocol/api/models.ts";
import type { Input } from "@hauswart/protocol/api/routes.ts";
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { makeFinding } from "./findings.ts";
import type { Handlers } from "./handlers.ts";
import { mailAbout } from "./mails.ts";
import { ownCustomerName, refreshDevice, sumUp, type World } from "./world.ts";

export function dailyHandlers(world: World): Pick<Handlers, "addFindingNote" | "sendTestMail" | "getFirstSteps"> {
  const iso = () => new Date(world.nowMs()).toISOString();
  return {
    addFindingNote({ findingId, note }) {
      const one = world.findings.find(({ finding }) => finding.findingId === findingId);
      if (!one) throw new HauswartError("NOT_FOUND");
      const event = { at: iso(), kind: "noted" as const, actor: "Leitstelle", severity: one.finding.severity, note, evidence: null };
      one.events.push(event);
      world.tell({ kind: "finding", id: findingId, customerId: one.finding.customerId, change: "changed" });
      return event;
    },
    sendTestMail({ address, customerId }) {
      const mail = mailAbout(world, {
        address,
        customerId,
        subject: `Testnachricht: ${world.settings.name}`,
        text: "Diese Nachricht ist angekommen",
      });
      world.mails.unshift(mail);
      world.tell({ kind: "outbox", id: mail.mailId, customerId, change: "created" });
      return mail;
    },
    getFirstSteps: () => firstStepsOf(world),
  };
}

function firstStepsOf(world: World): FirstSteps {
  const customer = world.customers.find(({ name }) => name !== ownCustomerName);
  const site = world.sites.find(({ customerId }) => customerId === customer?.customerId);
  const device = world.devices.find((one) => one.device.customerId === customer?.customerId && one.device.lifecycle !== "revoked")?.device;
  const recipient = world.recipients.find(
    ({ address, customerId }) => !address.endsWith("@localhost") && (customerId === null || customerId === customer?.customerId),
  );
  const mail = world.mails.find((one) => one.customerId !== null && one.customerId === customer?.customerId);
  const finding = world.findings.find((one) => one.finding.customerId === customer?.customerId)?.finding;
  const { name, mailFrom } = world.settings;
  const isDone = mail?.state === "sent" || world.mails.some((one) => one.customerId === customer?.customerId && one.state === "sent");
  return {
    isDone,
    hasMailServer: world.hasMailServer,
    house: { isDone: name !== "Hauswart" && !/@localhost>?$/.test(mailFrom), name, mailFrom },
    customer: {
      isDone: site !== undefined,
      customerId: customer?.customerId ?? null,
      customerName: customer?.name ?? "",
      siteId: site?.siteId ?? null,
      siteName: site?.name ?? "",
    },
    recipient: {
      isDone: recipient !== undefined && world.mails.some(({ state }) => state === "sent"),
      address: recipient?.address ?? null,
    },
    device: {
      isDone: device !== undefined,
      deviceId: device?.deviceId ?? null,
      deviceName: device?.name ?? "",
      system: device?.system ?? null,
    },
    alarm: { isDone, findingId: finding?.findingId ?? null, mailId: mail?.mailId ?? null },
  };
}

/** Something goes wrong at a device: a finding opens and its mail leaves. @returns the finding's id. */
export function raiseAlarm(
  world: World,
  deviceId: string,
  about: Pick<Finding, "check" | "code" | "subject" | "severity" | "evidence">,
): string {
  const one = world.devices.find(({ device }) => device.deviceId === deviceId)!;
  const made = makeFinding(world, one, 0, about);
  world.findings.unshift(made);
  const { finding } = made;
  const to = world.recipients.filter(({ customerId }) => customerId === null || customerId === finding.customerId);
  for (const { address } of to) {
    const mail = mailAbout(world, {
      address,
      customerId: finding.customerId,
      subject: `${finding.check}: ${finding.deviceName}`,
      text: finding.subject,
    });
    world.mails.unshift(mail);
    world.tell({ kind: "outbox", id: mail.mailId, customerId: mail.customerId, change: "created" });
  }
  refreshDevice(world, one);
  sumUp(world);
  world.tell({ kind: "finding", id: finding.findingId, customerId: finding.customerId, change: "created" });
  return finding.findingId;
}

/** Findings as the question wants them. */
export function chosenFindings(world: World, input: Input<"listFindings">): Finding[] {
  const chosen = world.findings
    .map(({ finding }) => finding)
    .filter(({ state }) => input.state === "all" || (input.state === "current" ? state !== "closed" : state === input.state))
    .filter(
      (finding) =>
        (!input.customerId || finding.customerId === input.customerId) &&
        (!input.deviceId || finding.deviceId === input.deviceId) &&
        (!input.severity || finding.severity === input.severity) &&
        (!input.check || finding.check === input.check) &&
        (!input.hold || (finding.hold?.kind ?? "none") === input.hold) &&
        (input.drills !== "without" || finding.check !== alarmDrillCheckId) &&
        (!input.maintenanceWindowId || finding.hold?.kind === "maintenance") &&
        (!input.changedSince || Date.parse(finding.changedAt) >= Date.parse(input.changedSince)),
    )
    .filter(({ acknowledgement }) => {
      if (!input.acknowledgedUntil) return true;
      const until = acknowledgement?.until ?? undefined;
      return until !== undefined && Date.parse(until) <= Date.parse(input.acknowledgedUntil);
    });
  return input.order === "incident" ? byIncident(chosen) : chosen;
}

function byIncident(findings: readonly Finding[]): Finding[] {
  const idOf = ({ incident, deviceId, findingId }: Finding) => incident?.incidentId ?? deviceId ?? findingId;
  const newest = new Map<string, string>();
  for (const finding of findings) if ((newest.get(idOf(finding)) ?? "") < finding.openedAt) newest.set(idOf(finding), finding.openedAt);
  const place = ({ incident, check, code, severity }: Finding) => {
    if (incident ? incident.isCause : check === deviceCheckId && code === "silent") return 0;
    return severity === "failure" ? 1 : 2;
  };
  const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
  return [...findings].sort(
    (one, other) =>
      compare(newest.get(idOf(other))!, newest.get(idOf(one))!) ||
      compare(idOf(one), idOf(other)) ||
      place(one) - place(other) ||
      compare(other.openedAt, one.openedAt) ||
      compare(one.findingId, other.findingId),
  );
}
