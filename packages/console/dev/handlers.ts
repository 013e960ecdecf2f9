/** What the double answers, route by route. Typed by the routes; answers are checked against their schemas besides. */
import type { Device } from "@hauswart/protocol/api/models.ts";
import type { PolicyCheck } from "@hauswart/protocol/api/policies.ts";
import type { Input, Result, RouteName } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import { secretIdOf, secretReference, secretSettingsOf } from "@hauswart/protocol/secret-settings.ts";
import { z } from "zod";
import { agentReleaseHandlers } from "./agent-releases.ts";
import { careHandlers } from "./care.ts";
import { drillHandlers } from "./drills.ts";
import { makeDevice } from "./fleet.ts";
import { calendarHandlers } from "./calendars.ts";
import { chosenFindings, dailyHandlers } from "./daily.ts";
import { fitsAudit, verificationOf } from "./audit.ts";
import { acknowledge } from "./findings.ts";
import { houseHandlers } from "./house.ts";
import { definitions, seriesOf } from "./judging.ts";
import { maintenanceHandlers } from "./maintenance.ts";
import { namesOf } from "./names.ts";
import { overviewOf } from "./overview.ts";
import { found, pageOf } from "./paging.ts";
import { makeFactorHandlers } from "./factor-handlers.ts";
import { makePeopleHandlers } from "./people-handlers.ts";
import type { Call } from "./people.ts";
import { noiseHandlers } from "./noise.ts";
import { previewOf } from "./preview.ts";
import { replayHandlers } from "./replay.ts";
import { routingHandlers } from "./routing.ts";
import { signedInWhere } from "./signed-in.ts";
import { timelineOf } from "./timeline.ts";
import { viewHandlers } from "./views.ts";
import { refreshDevice, sumUp, type World } from "./world.ts";

/** As a server has them that has built packages, but nothing for macOS. */
const waysOfDouble = (["linux shell", "win32 powershell", "win32 msiexec", "darwin shell"] as const).map((name) => {
  const [system, kind] = name.split(" ") as ["linux" | "win32" | "darwin", "shell" | "powershell" | "msiexec"];
  const file = "hauswart-agent-windows-x64.msi";
  return {
    system,
    kind,
    command:
      system === "darwin" ? null : `hauswart-agent enrol --server https://hauswart.example --token hwe_DOUBLEDOUBLEDOUBLEDOUBLE # ${name}`,
    files: system === "win32" ? [{ file, path: `/download/${file}`, bytes: 60_426_752, sha256: "ab".repeat(32) }] : [],
  };
});

/** Routes that are more than question and answer; double.ts has them. */
export type SpecialRoute = "streamEvents" | "getMailHtml" | "endSession" | "getSession" | "getOpenApi" | "getHealth" | "getReadiness";
export type Handlers = {
  readonly [Name in Exclude<RouteName, SpecialRoute>]: (input: Input<Name>, call: Call) => Result<Name> | Promise<Result<Name>>;
};

const byName = (one: { name: string }, other: { name: string }) => one.name.localeCompare(other.name, "de");

export function makeHandlers(world: World): Handlers {
  return {
    ...deviceHandlers(world),
    ...findingHandlers(world),
    ...customerHandlers(world),
    ...tokenHandlers(world),
    ...policyHandlers(world),
    ...mailHandlers(world),
    ...accessHandlers(world),
    ...dailyHandlers(world),
    ...noiseHandlers(world),
    ...houseHandlers(world),
    ...agentReleaseHandlers(world),
    ...maintenanceHandlers(world),
    ...careHandlers(world),
    ...drillHandlers(world),
    ...makePeopleHandlers(world),
    ...makeFactorHandlers(world),
    ...viewHandlers(world),
    ...calendarHandlers(world),
    ...routingHandlers(world),
  };
}

const isUnmeasured = ({ checks }: Device) => checks.ok + checks.warning + checks.failure === 0;
const isShown: Readonly<Record<NonNullable<Input<"listDevices">["show"]>, (device: Device, world: World) => boolean>> = {
  "not-measured": isUnmeasured,
  "unknown-checks": (device) => device.checks.unknown > 0 || isUnmeasured(device),
  removed: () => true,
  "open-findings": ({ deviceId }, { findings }) =>
    findings.some(({ finding }) => finding.deviceId === deviceId && finding.state === "open"),
};

const statesByUrgency: readonly string[] = ["failure", "warning", "unknown", "ok"];
const awaySince = ({ presence }: Device) => (presence.state === "present" ? "9" : (presence.lastSeenAt ?? ""));
function orderOf(one: Device, other: Device, by: string): number {
  if (by === "state") return statesByUrgency.indexOf(one.state) - statesByUrgency.indexOf(other.state);
  if (by === "customer") return one.customerName.localeCompare(other.customerName, "de");
  return by === "presence" ? awaySince(one).localeCompare(awaySince(other)) : 0;
}

type Part<Names extends Exclude<RouteName, SpecialRoute>> = Pick<Handlers, Names>;

function deviceHandlers(
  world: World,
): Part<
  | "getOverview"
  | "listDevices"
  | "createDevice"
  | "getDevice"
  | "changeDevice"
  | "revokeDevice"
  | "measureDevice"
  | "listDeviceChecks"
  | "getSeries"
  | "listDeviceTimeline"
  | "listChecks"
> {
  const deviceOf = (deviceId: string) => found(world.devices.find(({ device }) => device.deviceId === deviceId));
  return {
    getOverview: ({ customerId, since }) => overviewOf(world, customerId, since),
    listDevices(input) {
      const words = (input.search ?? "").toLowerCase().split(/\s+/).filter(Boolean);
      const textOf = ({ name, hostname, customerName, siteName, tags }: Device) =>
        [name, hostname, customerName, siteName, ...tags].join("\n").toLowerCase();
      const items = world.devices
        .map(({ device }) => device)
        .filter(
          (device) =>
            (!input.customerId || device.customerId === input.customerId) &&
            (!input.siteId || device.siteId === input.siteId) &&
            (!input.state || device.state === input.state),
        )
        .filter((device) => (!input.tag || device.tags.includes(input.tag)) && words.every((word) => textOf(device).includes(word)))
        .filter(
          (device) =>
            (device.lifecycle === "revoked") === (input.show === "removed") && (!input.show || isShown[input.show](device, world)),
        )
        .sort(
          (one, other) => (orderOf(one, other, input.sort.replace("-", "")) || byName(one, other)) * (input.sort.startsWith("-") ? -1 : 1),
        );
      return { ...pageOf(items, input), total: items.length };
    },
    createDevice: ({ siteId, name, check, target }) => addMeasuredDevice(world, siteId, name, check, target),
    getDevice({ deviceId }) {
      const { device } = deviceOf(deviceId);
      const customer = world.customers.find(({ customerId }) => customerId === device.customerId);
      return { ...device, signedIn: signedInWhere(device.signedIn, world.settings.asksSignedIn && customer?.asksSignedIn !== false) };
    },
    changeDevice({ deviceId, addTags = [], removeTags = [], ...change }) {
      const { device } = deviceOf(deviceId);
      device.tags = [...new Set([...device.tags, ...addTags])].filter((tag) => !removeTags.includes(tag));
      const site = change.siteId ? found(world.sites.find(({ siteId }) => siteId === change.siteId)) : undefined;
      Object.assign(device, change, site ? { siteName: site.name } : {});
      world.tell({ kind: "device", id: deviceId, customerId: device.customerId, change: "changed" });
      return device;
    },
    revokeDevice({ deviceId }) {
      Object.assign(deviceOf(deviceId).device, { lifecycle: "revoked" });
      sumUp(world);
    },
    measureDevice: ({ deviceId }) => ({ delivered: deviceOf(deviceId).lastEvidenceMs === undefined }),
    listDeviceChecks: ({ deviceId, ...page }) => pageOf(refreshDevice(world, deviceOf(deviceId)), page),
    getSeries({ deviceId, number, ...asked }) {
      const one = deviceOf(deviceId);
      return seriesOf(one, found(refreshDevice(world, one).find((check) => check.number === number)), asked, world.nowMs());
    },
    listDeviceTimeline: ({ deviceId, ...page }) => pageOf(timelineOf(world, deviceOf(deviceId)), page),
    listChecks: () => ({
      items: definitions.map((definition) => ({
        check: definition.id,
        version: definition.version,
        description: definition.description,
        promises: [...definition.promises],
        onByDefault: definition.onByDefault,
        fromServer: definition.fromServer ?? null,
        everySeconds: "everyMinutes" in definition.cycle ? definition.cycle.everyMinutes * 60 : 86_400,
        failuresBeforeFinding: definition.failuresBeforeFinding,
        settingsSchema: z.toJSONSchema((definition.selection as z.ZodObject).extend((definition.judgement as z.ZodObject).shape), {
          io: "input",
        }) as Record<string, unknown>,
        sampleSchema: {},
        findings: Object.fromEntries(
          Object.entries(definition.findings).map(([code, { description, raises }]) => [code, { description, raises: [...raises] }]),
        ),
      })),
      next: null,
    }),
  };
}

function findingHandlers(world: World): Part<"listFindings" | "getFinding" | "acknowledgeFinding" | "reopenFinding"> {
  const findingOf = (findingId: string) => found(world.findings.find(({ finding }) => finding.findingId === findingId));
  const tell = ({ findingId, customerId }: { findingId: string; customerId: string | null }) => {
    sumUp(world);
    world.tell({ kind: "finding", id: findingId, customerId, change: "changed" });
  };
  return {
    listFindings: (input) => pageOf(chosenFindings(world, input), input),
    getFinding: ({ findingId }) => ({ ...findingOf(findingId).finding, events: findingOf(findingId).events }),
    acknowledgeFinding({ findingId, note, until, onlyIfOpen }) {
      const one = findingOf(findingId);
      if (one.finding.state === "closed") throw new HauswartError("CONFLICT", "This finding is closed already.");
      if (onlyIfOpen && one.finding.state === "acknowledged") throw new HauswartError("CONFLICT");
      acknowledge(world, one, "Leitstelle", note, until ?? null);
      tell(one.finding);
      return one.finding;
    },
    reopenFinding({ findingId, acknowledgedAt }) {
      const one = findingOf(findingId);
      if (acknowledgedAt !== undefined && one.finding.acknowledgement?.at !== acknowledgedAt) throw new HauswartError("CONFLICT");
      if (one.finding.state !== "acknowledged") throw new HauswartError("CONFLICT");
      one.finding = { ...one.finding, state: "open", acknowledgement: null };
      one.events.push({
        at: new Date(world.nowMs()).toISOString(),
        kind: "reopened",
        actor: "Leitstelle",
        severity: null,
        note: null,
        evidence: null,
      });
      tell(one.finding);
      return one.finding;
    },
  };
}

function customerHandlers(
  world: World,
): Part<"listCustomers" | "createCustomer" | "getCustomer" | "changeCustomer" | "listSites" | "createSite" | "changeSite" | "deleteSite"> {
  const now = () => new Date(world.nowMs()).toISOString();
  const customerOf = (customerId: string) => found(world.customers.find((customer) => customer.customerId === customerId));
  return {
    listCustomers: (input) => pageOf([...world.customers].sort(byName), input),
    createCustomer(body) {
      if (world.customers.some(({ name }) => name.toLowerCase() === body.name.toLowerCase()))
        throw new HauswartError("CONFLICT", "There is a customer of this name.");
      const effectiveTimeZone = body.timeZone ?? world.settings.timeZone;
      const customer = {
        customerId: newId(),
        ...body,
        effectiveTimeZone,
        asksSignedIn: true,
        deviceCount: 0,
        openFindings: { warning: 0, failure: 0 },
        createdAt: now(),
      };
      world.customers.push(customer);
      return customer;
    },
    getCustomer: ({ customerId }) => customerOf(customerId),
    changeCustomer({ customerId, ...change }) {
      const customer = Object.assign(customerOf(customerId), change);
      return Object.assign(customer, { effectiveTimeZone: customer.timeZone ?? world.settings.timeZone });
    },
    listSites: ({ customerId, ...page }) =>
      pageOf(world.sites.filter((site) => !customerId || site.customerId === customerId).sort(byName), page),
    createSite(body) {
      const effectiveTimeZone = body.timeZone ?? customerOf(body.customerId).effectiveTimeZone;
      const site = {
        siteId: newId(),
        ...body,
        effectiveTimeZone,
        gatewayDeviceId: null,
        deviceCount: 0,
        maintenance: null,
        createdAt: now(),
      };
      world.sites.push(site);
      return site;
    },
    changeSite({ siteId, ...change }) {
      const site = Object.assign(found(world.sites.find((one) => one.siteId === siteId)), change);
      return Object.assign(site, { effectiveTimeZone: site.timeZone ?? customerOf(site.customerId).effectiveTimeZone });
    },
    deleteSite({ siteId }) {
      const site = found(world.sites.find((one) => one.siteId === siteId));
      if (site.deviceCount > 0) throw new HauswartError("IN_USE");
      world.sites.splice(world.sites.indexOf(site), 1);
    },
  };
}

function tokenHandlers(world: World): Part<"listEnrolmentTokens" | "createEnrolmentToken" | "revokeEnrolmentToken"> {
  return {
    listEnrolmentTokens: (input) =>
      pageOf(
        world.tokens.filter((token) => !input.siteId || token.siteId === input.siteId),
        input,
      ),
    createEnrolmentToken({ siteId, role, uses, validHours }) {
      const site = found(world.sites.find((one) => one.siteId === siteId));
      const token = {
        enrolmentTokenId: newId(),
        customerId: site.customerId,
        siteId,
        role,
        expiresAt: new Date(world.nowMs() + validHours * 3_600_000).toISOString(),
        usesLeft: uses,
        createdAt: new Date(world.nowMs()).toISOString(),
      };
      world.tokens.push(token);
      return {
        ...token,
        token: "hwe_DOUBLEDOUBLEDOUBLEDOUBLE",
        command: "hauswart-agent enrol --server https://hauswart.example --token hwe_DOUBLEDOUBLEDOUBLEDOUBLE",
        ways: waysOfDouble,
        authority: {
          fingerprint: Array.from({ length: 32 }, (_, index) => (index * 7 + 16).toString(16).toUpperCase()).join(":"),
          path: "/ca.crt",
        },
      };
    },
    revokeEnrolmentToken({ enrolmentTokenId }) {
      world.tokens.splice(
        world.tokens.findIndex((token) => token.enrolmentTokenId === enrolmentTokenId),
        1,
      );
    },
  };
}

/** A device that comes by an enrolment token, as if somebody had run the command. */
export function enrolDevice(world: World, siteId: string): string {
  const site = found(world.sites.find((one) => one.siteId === siteId));
  const customer = found(world.customers.find(({ customerId }) => customerId === site.customerId));
  const one = makeDevice(
    1_000 + world.devices.length,
    { customerId: customer.customerId, customerName: customer.name, siteId, siteName: site.name },
    world.nowMs(),
  );
  const at = new Date(world.nowMs()).toISOString();
  Object.assign(one.device, { enrolledAt: at, presence: { state: "present", since: at, lastSeenAt: at, reason: null } });
  world.devices.push(one);
  refreshDevice(world, one);
  sumUp(world);
  world.tell({ kind: "device", id: one.device.deviceId, customerId: customer.customerId, change: "created" });
  return one.device.deviceId;
}

/** A device that the server measures, with the policy that says what it asks. */
function addMeasuredDevice(world: World, siteId: string, name: string, check: string, target: string): Device {
  const definition = found(definitions.find(({ id, fromServer }) => id === check && fromServer));
  const deviceId = enrolDevice(world, siteId);
  const one = found(world.devices.find(({ device }) => device.deviceId === deviceId));
  Object.assign(one.device, { name, kind: "measured", role: "server", systemName: "", tags: [], hostname: "hauswart" });
  const settings = { [definition.fromServer!.target]: target };
  const at = new Date(world.nowMs()).toISOString();
  const assignments = [{ scope: "device" as const, scopeId: one.device.deviceId, scopeName: name }];
  const checks = [{ check, instance: target, enabled: true, settings }];
  world.policies.push({ policyId: newId(), name, customerId: one.device.customerId, checks, assignments, revision: 1, updatedAt: at });
  refreshDevice(world, one);
  sumUp(world);
  return one.device;
}

/** As the server does it: what is secret is never told again. */
const withoutSecrets = (checks: readonly PolicyCheck[]): PolicyCheck[] =>
  checks.map((check) => {
    const secret = secretSettingsOf(found(definitions.find(({ id }) => id === check.check)));
    const hide = ([name, value]: [string, unknown]): [string, unknown] =>
      secret.includes(name) && value !== "" && secretIdOf(value) === undefined ? [name, secretReference(newId())] : [name, value];
    return { ...check, settings: Object.fromEntries<unknown>(Object.entries(check.settings).map(hide)) };
  });

function policyHandlers(
  world: World,
): Part<
  | "listPolicies"
  | "createPolicy"
  | "previewPolicy"
  | "startReplay"
  | "getReplay"
  | "cancelReplay"
  | "getPolicy"
  | "changePolicy"
  | "deletePolicy"
> {
  const policyOf = (policyId: string) => found(world.policies.find((policy) => policy.policyId === policyId));
  const named = (assignments: readonly { scope: "provider" | "customer" | "site" | "device" | "tag"; scopeId: string }[]) =>
    assignments.map((one) => ({ ...one, scopeName: namesOf(world).scopeName(one.scope, one.scopeId) }));
  const now = () => new Date(world.nowMs()).toISOString();
  return {
    listPolicies: (input) => pageOf([...world.policies].sort(byName), input),
    createPolicy(body) {
      const policy = {
        policyId: newId(),
        ...body,
        checks: withoutSecrets(body.checks),
        assignments: named(body.assignments),
        revision: 1,
        updatedAt: now(),
      };
      world.policies.push(policy);
      return policy;
    },
    previewPolicy: (draft) => previewOf(world, draft),
    ...replayHandlers(world),
    getPolicy: ({ policyId }) => policyOf(policyId),
    changePolicy({ policyId, revision, ...change }) {
      const policy = policyOf(policyId);
      if (policy.revision !== revision) throw new HauswartError("CONFLICT", `It is at revision ${policy.revision} now.`);
      Object.assign(
        policy,
        change,
        change.checks ? { checks: withoutSecrets(change.checks) } : {},
        change.assignments ? { assignments: named(change.assignments) } : {},
        {
          revision: revision + 1,
          updatedAt: now(),
        },
      );
      world.tell({ kind: "policy", id: policyId, customerId: policy.customerId, change: "changed" });
      return policy;
    },
    deletePolicy({ policyId }) {
      world.policies.splice(world.policies.indexOf(policyOf(policyId)), 1);
    },
  };
}

function mailHandlers(
  world: World,
): Part<"listOutbox" | "getMail" | "retryMail" | "listWebhooks" | "createWebhook" | "deleteWebhook" | "listWebhookDeliveries"> {
  const mailOf = (mailId: string) => found(world.mails.find((mail) => mail.mailId === mailId));
  return {
    listOutbox: ({ state, customerId, search, from, to, ...page }) =>
      pageOf(
        world.mails
          .filter((mail) => (!state || mail.state === state) && (!customerId || mail.customerId === customerId))
          .filter(
            ({ subject, to: addresses }) => !search || `${subject} ${addresses.join(" ")}`.toLowerCase().includes(search.toLowerCase()),
          )
          .filter(({ createdAt }) => (!from || createdAt >= from) && (!to || createdAt < to)),
        page,
      ),
    getMail: ({ mailId }) => mailOf(mailId),
    retryMail({ mailId }) {
      const mail = mailOf(mailId);
      Object.assign(mail, {
        state: "sent",
        attempts: mail.attempts + 1,
        sentAt: new Date(world.nowMs()).toISOString(),
        nextAttemptAt: null,
        refusals: [],
        reports: [],
      });
      world.tell({ kind: "outbox", id: mailId, customerId: mail.customerId, change: "changed" });
      return mail;
    },
    listWebhooks: (input) => pageOf(world.webhooks, input),
    createWebhook(body) {
      const webhook = { webhookId: newId(), ...body, active: true, createdAt: new Date(world.nowMs()).toISOString() };
      world.webhooks.push(webhook);
      return { ...webhook, secret: "whsec_DOUBLEDOUBLEDOUBLEDOUBLE" };
    },
    deleteWebhook({ webhookId }) {
      world.webhooks.splice(
        world.webhooks.findIndex((webhook) => webhook.webhookId === webhookId),
        1,
      );
    },
    listWebhookDeliveries: ({ webhookId, ...page }) => pageOf(webhookId === world.webhooks[0]?.webhookId ? world.deliveries : [], page),
  };
}

function accessHandlers(
  world: World,
): Part<
  "listApiKeys" | "createApiKey" | "revokeApiKey" | "listAudit" | "getAuditEntry" | "verifyAudit" | "getSettings" | "changeSettings"
> {
  return {
    listApiKeys: (input) => pageOf(world.apiKeys, input),
    createApiKey(body) {
      const key = { apiKeyId: newId(), ...body, createdAt: new Date(world.nowMs()).toISOString(), lastUsedAt: null, revokedAt: null };
      world.apiKeys.unshift(key);
      return { ...key, key: "hwk_DOUBLEDOUBLEDOUBLEDOUBLE" };
    },
    revokeApiKey({ apiKeyId }) {
      found(world.apiKeys.find((key) => key.apiKeyId === apiKeyId)).revokedAt = new Date(world.nowMs()).toISOString();
    },
    listAudit: ({ cursor, limit, ...filter }) =>
      pageOf(
        world.audit.filter((entry) => fitsAudit(entry, filter)),
        { cursor, limit },
      ),
    getAuditEntry: ({ auditEntryId }) => found(world.audit.find((entry) => entry.auditEntryId === auditEntryId)),
    verifyAudit: () => verificationOf(world),
    getSettings: () => world.settings,
    changeSettings: (change) => (world.settings = { ...world.settings, ...change }),
  };
}
