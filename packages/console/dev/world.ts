/** Everything that the double knows: customers, devices, findings, mails, policies. Made anew at each start. */
import type { AuditAction, AuditSubject } from "@hauswart/protocol/api/audit-actions.ts";
import type { Customer, LiveEvent, Site } from "@hauswart/protocol/api/models.ts";
import type { Policy } from "@hauswart/protocol/api/policies.ts";
import type { ItemOf, ResponseOf } from "@hauswart/protocol/api/client.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import { makeDevice, type DoubleDevice } from "./fleet.ts";
import { checksOf, worst } from "./judging.ts";
import { makeFindings, type FindingWithEvents } from "./findings.ts";
import { makeMails } from "./mails.ts";
import { namesOf } from "./names.ts";
import { makePeople, type People } from "./people.ts";
import { makeSetup } from "./setup.ts";

export interface World {
  readonly nowMs: () => number;
  readonly customers: Customer[];
  readonly sites: Site[];
  readonly devices: DoubleDevice[];
  readonly policies: Policy[];
  readonly findings: FindingWithEvents[];
  readonly mails: ResponseOf<"getMail">[];
  readonly recipients: ItemOf<"listRecipients">[];
  readonly apiKeys: ItemOf<"listApiKeys">[];
  readonly webhooks: ItemOf<"listWebhooks">[];
  readonly deliveries: ItemOf<"listWebhookDeliveries">[];
  readonly audit: ItemOf<"listAudit">[];
  readonly tokens: ItemOf<"listEnrolmentTokens">[];
  settings: ResponseOf<"getSettings">;
  hasMailServer: boolean;
  readonly people: People;
  readonly listeners: Set<(event: LiveEvent) => void>;
  tell(event: LiveEvent): void;
}

export interface WorldOptions {
  /** Devices of the fleet. */
  readonly devices?: number;
  /** An installation as its first start leaves it: the house itself with one computer, and nothing set up. */
  readonly isNew?: boolean;
  /** The clock; stands still in tests that compare pictures. */
  readonly nowMs?: () => number;
}

const dayMs = 86_400_000;
/** The customer that a first start makes; it does not count as the first one. */
export const ownCustomerName = "Eigene Geräte";
const customerNames = ["Muster GmbH", "Steuerkanzlei am Markt", "Autohaus Nordring GmbH & Co. KG"] as const;
const siteNames = [["Zentrale", "Lager Süd"], ["Kanzlei"], ["Verkauf", "Werkstatt", "Filiale West"]] as const;
/** What somebody could call a computer to harm who looks at it. */
export const hostileName = `<img src=x onerror="window.hauswartWasHarmed=1">"><script>window.hauswartWasHarmed=1</script>`;

/** Checks of a device now, and its sums brought up to date. */
export function refreshDevice(world: World, one: DoubleDevice) {
  const checks = checksOf(one, world.policies, namesOf(world), world.nowMs());
  const count = (state: string) => checks.filter((check) => check.state === state).length;
  const open = world.findings.filter(({ finding }) => finding.deviceId === one.device.deviceId && finding.state !== "closed");
  Object.assign(one.device, {
    state: one.device.lifecycle === "active" ? worst(checks.map(({ state }) => state)) : "unknown",
    checks: { ok: count("ok"), warning: count("warning"), failure: count("failure"), unknown: count("unknown") },
    openFindings: {
      warning: open.filter(({ finding }) => finding.severity === "warning").length,
      failure: open.filter(({ finding }) => finding.severity === "failure").length,
    },
  });
  return checks;
}

/** @returns a fleet of three customers with faults of every kind. */
export function makeWorld({ devices = 60, isNew = false, nowMs = Date.now }: WorldOptions = {}): World {
  const now = nowMs();
  const listeners = new Set<(event: LiveEvent) => void>();
  const customers: Customer[] = customerNames.map((name, index) => ({
    customerId: newId(now - (90 - index) * dayMs),
    name,
    language: "de",
    timeZone: null,
    effectiveTimeZone: "Europe/Berlin",
    asksSignedIn: true,
    deviceCount: 0,
    openFindings: { warning: 0, failure: 0 },
    createdAt: new Date(now - (90 - index) * dayMs).toISOString(),
  }));
  const sites: Site[] = siteNames.flatMap((names, index) =>
    names.map((name) => ({
      siteId: newId(now - 80 * dayMs),
      customerId: customers[index]!.customerId,
      name,
      timeZone: null,
      effectiveTimeZone: "Europe/Berlin",
      gatewayDeviceId: null,
      deviceCount: 0,
      maintenance: null,
      createdAt: new Date(now - 80 * dayMs).toISOString(),
    })),
  );
  const fleet = Array.from({ length: devices }, (_, index) => {
    const site = sites[[0, 0, 1, 2, 3, 0, 4, 5][index % 8]!]!;
    const customer = customers.find(({ customerId }) => customerId === site.customerId)!;
    return makeDevice(
      index,
      { customerId: customer.customerId, customerName: customer.name, siteId: site.siteId, siteName: site.name },
      now,
      index === 55 ? hostileName : undefined,
    );
  });
  const world: World = {
    nowMs,
    customers,
    sites,
    devices: fleet,
    findings: [],
    mails: [],
    listeners,
    tokens: [],
    deliveries: [],
    audit: [],
    hasMailServer: true,
    people: makePeople(
      now,
      customers.map(({ customerId }) => customerId),
    ),
    ...makeSetup(now, customers, sites),
    tell: (event) => listeners.forEach((listen) => listen(event)),
  };
  if (isNew) return asNew(world);
  for (const one of fleet) refreshDevice(world, one);
  world.findings.push(...makeFindings(world));
  for (const { device } of fleet)
    if (device.presence.state === "silent")
      device.offline = {
        reason: "computer-gone",
        certainty: "likely",
        clues: ["no-ping", "does-not-resolve", "others-connected"],
        witnesses: [{ deviceName: fleet[0]!.device.name, at: new Date(now - 120_000).toISOString(), answersPing: false, resolves: false }],
      };
  world.mails.push(...makeMails(world));
  for (const one of fleet) refreshDevice(world, one);
  fillAudit(world);
  world.deliveries.push(...makeDeliveries(world));
  sumUp(world);
  return world;
}

/** Takes everything out that a first start does not make. */
function asNew(world: World): World {
  const [customer] = world.customers;
  const one = world.devices.find(({ device, failing }) => device.presence.state === "present" && Object.keys(failing).length === 0)!;
  customer!.name = ownCustomerName;
  Object.assign(one.device, { customerName: ownCustomerName, name: "buero-server" });
  world.customers.splice(1);
  world.sites.splice(1);
  world.devices.splice(0, Infinity, one);
  world.policies.splice(0);
  world.apiKeys.splice(0);
  world.webhooks.splice(0);
  world.recipients.splice(0, Infinity, { ...world.recipients[0]!, address: "owner@localhost" });
  world.settings = { ...world.settings, name: "Hauswart", mailFrom: "Hauswart <hauswart@localhost>" };
  refreshDevice(world, one);
  sumUp(world);
  return world;
}

function makeDeliveries({ findings }: World): World["deliveries"] {
  return findings.slice(0, 6).map(({ finding }, index) => ({
    deliveryId: newId(Date.parse(finding.openedAt)),
    event: "finding.opened",
    state: index === 2 ? ("failed" as const) : ("delivered" as const),
    attempts: index === 2 ? 8 : 1,
    lastStatus: index === 2 ? 503 : 204,
    lastError: null,
    createdAt: finding.openedAt,
  }));
}

/** Brings the sums of customers and sites up to date. */
export function sumUp(world: World): void {
  const active = world.devices.filter(({ device }) => device.lifecycle !== "revoked");
  for (const site of world.sites) site.deviceCount = active.filter(({ device }) => device.siteId === site.siteId).length;
  for (const customer of world.customers) {
    const open = world.findings
      .map(({ finding }) => finding)
      .filter((finding) => finding.customerId === customer.customerId && finding.state === "open");
    customer.deviceCount = active.filter(({ device }) => device.customerId === customer.customerId).length;
    customer.openFindings = {
      warning: open.filter(({ severity }) => severity === "warning").length,
      failure: open.filter(({ severity }) => severity === "failure").length,
    };
  }
}

function fillAudit(world: World): void {
  const now = world.nowMs();
  const entry = (
    minutesAgo: number,
    action: AuditAction,
    kind: string,
    name: string,
    subjectKind: AuditSubject,
    subjectId: string,
    customerId: string | null,
    detail: Record<string, unknown>,
  ) =>
    world.audit.push({
      auditEntryId: newId(now - minutesAgo * 60_000),
      at: new Date(now - minutesAgo * 60_000).toISOString(),
      actor: { kind, id: newId(now), name },
      action,
      subjectKind,
      subjectId,
      customerId,
      detail,
      sealed: minutesAgo > 1,
    });
  entry(0.4, "session.create", "technician", "Leitstelle", "session", newId(now), null, { address: "192.0.2.17" });
  world.findings
    .filter(({ finding }) => finding.acknowledgement)
    .forEach(({ finding }, index) =>
      entry(
        30 + index * 25,
        "finding.acknowledge",
        "technician",
        finding.acknowledgement!.by,
        "finding",
        finding.findingId,
        finding.customerId,
        { note: finding.acknowledgement!.note },
      ),
    );
  world.policies.forEach((policy, index) =>
    entry(9 * 1_440 + index, "policy.change", "technician", "Leitstelle", "policy", policy.policyId, policy.customerId, { revision: 3 }),
  );
  world.devices.slice(0, 40).forEach(({ device }, index) =>
    entry(20 * 1_440 + index * 97, "device.enrol", "agent", device.name, "device", device.deviceId, device.customerId, {
      siteId: device.siteId,
      role: device.role,
    }),
  );
  entry(200, "webhook.create", "technician", "Leitstelle", "webhook", world.webhooks[0]!.webhookId, null, {
    url: world.webhooks[0]!.url,
  });
  world.audit.sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
}
