/** What the IT house of the double has set up: policies, recipients, keys, webhooks, settings. */
import type { Customer, Site } from "@hauswart/protocol/api/models.ts";
import type { Policy } from "@hauswart/protocol/api/policies.ts";
import type { Recipient } from "@hauswart/protocol/api/routing.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import type { World } from "./world.ts";

const dayMs = 86_400_000;

/** @param nowMs the world's clock. */
export function makeSetup(
  nowMs: number,
  customers: readonly Customer[],
  sites: readonly Site[],
): Pick<World, "policies" | "recipients" | "apiKeys" | "webhooks" | "settings"> {
  return {
    policies: makePolicies(nowMs, customers, sites),
    recipients: makeRecipients(nowMs, customers, sites),
    apiKeys: makeApiKeys(nowMs, customers),
    webhooks: [
      {
        webhookId: newId(nowMs),
        customerId: null,
        url: "https://tickets.systemhaus.example/hooks/hauswart",
        active: true,
        createdAt: new Date(nowMs - 40 * dayMs).toISOString(),
      },
    ],
    settings: {
      name: "Systemhaus am Fluss",
      language: "de",
      timeZone: "Europe/Berlin",
      secondFactor: "off",
      mailFrom: "Hauswart <alarm@systemhaus.example>",
      rawSampleDays: 35,
      rollupMonths: 13,
      findingMonths: 36,
      roundMonths: 36,
      auditMonths: 120,
      mailDays: 90,
      sessionDays: 90,
      quarantineDays: 90,
      serverSilentMinutes: 5,
      workstationSilentDays: 14,
      noiseBudget: { noisePercent: 10, leastAWeek: 1, mostAWeek: 50 },
      asksSignedIn: true,
    },
  };
}

function makePolicies(nowMs: number, customers: readonly Customer[], sites: readonly Site[]): Policy[] {
  const policy = (name: string, rest: Partial<Policy>): Policy => ({
    policyId: newId(nowMs),
    name,
    customerId: null,
    checks: [],
    assignments: [],
    revision: 3,
    updatedAt: new Date(nowMs - 9 * dayMs).toISOString(),
    ...rest,
  });
  return [
    policy("Grundschutz", {
      checks: [
        { check: "disk-space", instance: "", enabled: true, settings: { warningBelowPercent: 12 } },
        { check: "reboot-pending", instance: "", enabled: true, settings: { warningAfterDays: 5 } },
      ],
      assignments: [{ scope: "provider", scopeId: "", scopeName: "" }],
    }),
    policy("Server", {
      checks: [
        {
          check: "services",
          instance: "",
          enabled: true,
          everySeconds: 60,
          settings: {
            restart: true,
            listed: ["postgresql.service", "nginx.service"],
            limitsOfServices: [
              { service: "postgresql*", failuresBeforeFinding: 3, startingMinutes: 15 },
              { service: "nginx", unstableFromRestarts: 1 },
            ],
          },
        },
        { check: "disk-space", instance: "", enabled: true, settings: { warningBelowPercent: 15, failureBelowPercent: 8 } },
      ],
      assignments: [{ scope: "tag", scopeId: "server", scopeName: "server" }],
    }),
    policy("Kassen", {
      checks: [
        {
          check: "memory",
          instance: "",
          enabled: true,
          everySeconds: 300,
          failuresBeforeFinding: 2,
          settings: { warningBelowPercent: 20 },
        },
      ],
      assignments: [{ scope: "site", scopeId: sites[3]!.siteId, scopeName: `${customers[2]!.name}, ${sites[3]!.name}` }],
    }),
    policy("Kanzlei: strenge Grenzen", {
      customerId: customers[1]!.customerId,
      checks: [{ check: "disk-growth", instance: "", enabled: true, settings: {} }],
      assignments: [{ scope: "customer", scopeId: customers[1]!.customerId, scopeName: customers[1]!.name }],
    }),
  ];
}

function makeRecipients(now: number, customers: readonly Customer[], sites: readonly Site[]): World["recipients"] {
  const recipient = (address: string, rest: Partial<Recipient> = {}): Recipient => ({
    recipientId: newId(now),
    revision: 1,
    customerId: null,
    siteId: null,
    channel: "mail",
    accountId: null,
    address,
    language: "de",
    fromSeverity: "warning",
    topics: null,
    checks: null,
    recoveries: true,
    quiet: false,
    quietExcept: null,
    onCallOnly: false,
    hasToken: false,
    unreachable: null,
    ...rest,
  });
  const [muster, , nordring] = customers;
  const unreachable = {
    since: new Date(now - 2 * dayMs).toISOString(),
    via: "refused" as const,
    reason: "550 5.1.1 Recipient address rejected: User unknown",
  };
  return [
    recipient("leitstelle@systemhaus.example"),
    recipient("it@muster.example", { customerId: muster!.customerId, fromSeverity: "failure", quiet: true, quietExcept: "failure" }),
    recipient("workshop@nordring.example", {
      customerId: nordring!.customerId,
      siteId: sites[4]!.siteId,
      language: "en",
      fromSeverity: "failure",
      checks: ["disk-space", "services"],
      recoveries: false,
    }),
    recipient("prod-12.westeurope.logic.azure.com #3f2a", { channel: "teams" }),
    recipient("https://ntfy.systemhaus.example/stoerungen", { channel: "ntfy", fromSeverity: "failure", hasToken: true }),
    recipient("buero@nordring.example", { customerId: nordring!.customerId, topics: ["backup", "disks"], unreachable }),
  ];
}

function makeApiKeys(now: number, customers: readonly Customer[]): World["apiKeys"] {
  return [
    {
      apiKeyId: newId(now),
      name: "Ticketsystem",
      scopes: ["findings:read", "findings:write", "devices:read"],
      customerIds: null,
      createdAt: new Date(now - 40 * dayMs).toISOString(),
      expiresAt: null,
      lastUsedAt: new Date(now - 95_000).toISOString(),
      revokedAt: null,
    },
    {
      apiKeyId: newId(now),
      name: "Bericht Muster GmbH",
      scopes: ["devices:read"],
      customerIds: [customers[0]!.customerId],
      createdAt: new Date(now - 300 * dayMs).toISOString(),
      expiresAt: new Date(now + 65 * dayMs).toISOString(),
      lastUsedAt: null,
      revokedAt: null,
    },
    {
      apiKeyId: newId(now),
      name: "Alte Überwachung",
      scopes: ["devices:read", "audit:read"],
      customerIds: null,
      createdAt: new Date(now - 400 * dayMs).toISOString(),
      expiresAt: null,
      lastUsedAt: new Date(now - 200 * dayMs).toISOString(),
      revokedAt: new Date(now - 199 * dayMs).toISOString(),
    },
  ];
}
