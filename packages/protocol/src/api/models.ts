/** What the API shows. Times are ISO 8601 in UTC; durations and amounts carry their unit in the name. */
import { z } from "zod";
import { Id } from "../ids.ts";
import { roles } from "../roles.ts";
import { certainties, offlineClues, offlineReasons } from "../why-offline.ts";
import { Name } from "./name.ts";
import { NoiseBudget } from "./noise-budget.ts";
import { retentionFields } from "./retention.ts";
import { GrantableScope } from "./route.ts";
import { SignedInNow } from "./signed-in.ts";
import { Timestamp, TimeZone } from "./time.ts";
import { UnknownReason } from "./unknown-reason.ts";

export { Timestamp, TimeZone };
export const CheckState = z.enum(["ok", "warning", "failure", "unknown"]);
export const LanguageCode = z.enum(["de", "en"]);
export const Severity = z.enum(["warning", "failure"]);

/** What a maintenance window is for. */
export const MaintenanceScope = z.enum(["provider", "customer", "site", "device", "tag"]);
export type MaintenanceScope = z.infer<typeof MaintenanceScope>;

/** The window that is open for a device or a site. */
export const MaintenanceNow = z.object({
  maintenanceWindowId: Id,
  name: z.string(),
  scope: MaintenanceScope,
  since: Timestamp,
  until: Timestamp,
  by: z.string(),
});
export type MaintenanceNow = z.infer<typeof MaintenanceNow>;

export const Customer = z.object({
  customerId: Id,
  name: Name,
  language: LanguageCode,
  timeZone: z.string().nullable().describe("null: the provider's."),
  effectiveTimeZone: z.string().describe("Its own, else the provider's."),
  asksSignedIn: z
    .boolean()
    .describe("Whether its agents tell who is signed in, where the house wants it at all. Off, what is stored is deleted."),
  deviceCount: z.int(),
  openFindings: z.object({ warning: z.int(), failure: z.int() }),
  createdAt: Timestamp,
});
export type Customer = z.infer<typeof Customer>;
export const NewCustomer = z.object({ name: Name, language: LanguageCode.default("de"), timeZone: TimeZone.nullable().default(null) });
/** Without defaults: what is left out stays as it is. */
export const CustomerChange = z.object({
  name: Name.optional(),
  language: LanguageCode.optional(),
  timeZone: TimeZone.nullable().optional(),
  asksSignedIn: z.boolean().optional(),
});

export const Site = z.object({
  siteId: Id,
  customerId: Id,
  name: Name,
  timeZone: z.string().nullable().describe("null: the customer's."),
  effectiveTimeZone: z.string().describe("Its own, else the customer's, else the provider's."),
  gatewayDeviceId: Id.nullable().describe("Device that all others of the site hang behind; null: none is named."),
  deviceCount: z.int(),
  maintenance: MaintenanceNow.nullable(),
  createdAt: Timestamp,
});
export type Site = z.infer<typeof Site>;
export const NewSite = z.object({ customerId: Id, name: Name, timeZone: TimeZone.nullable().default(null) });
export const SiteChange = z.object({
  name: Name.optional(),
  timeZone: TimeZone.nullable().optional(),
  gatewayDeviceId: Id.nullable().optional(),
});

export const EnrolmentToken = z.object({
  enrolmentTokenId: Id,
  customerId: Id,
  siteId: Id,
  role: z.enum(["workstation", "server"]),
  expiresAt: Timestamp,
  usesLeft: z.int(),
  createdAt: Timestamp,
});
export const NewEnrolmentToken = z.object({
  siteId: Id,
  role: z.enum(["workstation", "server"]).default("workstation"),
  uses: z.int().min(1).max(10_000).default(1),
  validHours: z
    .number()
    .min(0.1)
    .max(24 * 30)
    .default(24),
});
/** A way to get the agent onto a computer, with the token in its command. */
export const InstallWay = z.object({
  system: z.enum(["linux", "win32", "darwin"]),
  kind: z.enum(["shell", "powershell", "msiexec"]).describe("msiexec: silent, for software distribution."),
  command: z.string().nullable().describe("Ready to paste. null: the server has no file for it; npm run build:installers makes it."),
  files: z
    .array(z.object({ file: z.string(), path: z.string().describe("On this server."), bytes: z.int(), sha256: z.string() }))
    .describe("What the command fetches or is given."),
});
/** The token itself is shown once. */
export const CreatedEnrolmentToken = EnrolmentToken.extend({
  token: z.string(),
  command: z.string().describe("Ready to paste on a Linux computer."),
  ways: z.array(InstallWay),
  authority: z
    .object({
      fingerprint: z.string().describe("SHA-256 of its certificate, as browsers show it."),
      path: z.string().describe("Of its certificate, on this server."),
    })
    .nullable()
    .describe("The server's own authority, which the commands make computers trust. null: the server's certificate is from elsewhere."),
});

/** Why a device is present or not. */
export const Presence = z.object({
  state: z
    .enum(["present", "shut-down", "silent", "never-connected", "unknown"])
    .describe("unknown: the server itself was away and the agent has not had time to return."),
  since: Timestamp.nullable(),
  lastSeenAt: Timestamp.nullable(),
  reason: z.enum(["shutdown", "restart", "sleep", "agent-stop", "agent-update", "connection-lost"]).nullable(),
});

export const StateCounts = z.object({ ok: z.int(), warning: z.int(), failure: z.int(), unknown: z.int() });

export const Device = z.object({
  deviceId: Id,
  customerId: Id,
  customerName: z.string(),
  siteId: Id,
  siteName: z.string(),
  name: z.string(),
  hostname: z.string(),
  kind: z.enum(["agent", "measured"]),
  role: z.enum(["workstation", "server"]),
  system: z.enum(["linux", "darwin", "win32"]),
  systemName: z.string(),
  agentVersion: z.string(),
  tags: z.array(z.string()),
  lifecycle: z.enum(["active", "quarantined", "revoked"]),
  presence: Presence,
  /** Worst state of its checks, absent evidence counted as unknown. */
  state: CheckState,
  checks: StateCounts,
  openFindings: z.object({ warning: z.int(), failure: z.int() }),
  dependsOn: z
    .object({ deviceId: Id, name: z.string(), isGateway: z.boolean().describe("By its site's gateway, not by itself.") })
    .nullable()
    .describe("What it hangs behind: when that is silent, nobody is told of its silence."),
  maintenance: MaintenanceNow.nullable(),
  offline: z
    .object({
      reason: z.enum(offlineReasons),
      certainty: z.enum(certainties),
      clues: z.array(z.enum(offlineClues)).describe("What the decision stands on."),
      witnesses: z.array(
        z.object({ deviceName: z.string(), at: Timestamp, answersPing: z.boolean().nullable(), resolves: z.boolean().nullable() }),
      ),
    })
    .nullable()
    .describe("Why it is not heard of. null while it is present, and in lists."),
  network: z
    .object({
      addresses: z.array(z.string()).describe("IPv4 addresses in its own networks."),
      gateways: z.array(
        z.object({ address: z.string(), card: z.string().nullable().describe("Network card of the gateway; null where it is not known.") }),
      ),
    })
    .nullable()
    .describe("Where it stands in its network, as its agent said when it last connected; empty where it does not tell, null in lists."),
  signedIn: SignedInNow.nullable().describe("Who is signed in at it; null for devices without an agent, and in lists."),
  clockOffsetMs: z.number().nullable().describe("Device clock minus server clock."),
  bootedAt: Timestamp.nullable(),
  enrolledAt: Timestamp,
});
export type Device = z.infer<typeof Device>;
/** What a device without an agent is made of: a place, and what the server asks. */
export const NewDevice = z.object({
  siteId: Id,
  name: Name,
  check: z.string().max(64).describe("A check that can be measured from the server (see listChecks), such as website."),
  target: z.string().trim().min(1).max(128).describe("What is asked, such as the address of a website."),
});
const Tags = z.array(z.string().trim().min(1).max(50)).max(50);
export const DeviceChange = z.object({
  name: Name.optional(),
  tags: Tags.optional().describe("Replaces them all."),
  addTags: Tags.optional().describe("To those that it has by then; what somebody else adds at the same time stays."),
  removeTags: Tags.optional(),
  role: z.enum(["workstation", "server"]).optional(),
  siteId: Id.optional(),
  dependsOnDeviceId: Id.nullable().optional(),
});

/** Which policy gave a check or a setting its value. */
export const PolicySource = z.object({
  policyId: Id.nullable().describe("null: the check's own default."),
  policyName: z.string(),
  scope: z.enum(["default", "provider", "customer", "site", "tag", "device"]),
  scopeName: z.string(),
});

export const SubjectState = z.object({
  code: z.string(),
  subject: z.string(),
  state: CheckState,
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

export const DeviceCheck = z.object({
  number: z.int(),
  check: z.string(),
  instance: z.string(),
  state: CheckState,
  /** Why it is unknown: no evidence yet, evidence too old, not measurable here, collector failed … */
  unknownReason: UnknownReason,
  unknownDetail: z.string().nullable(),
  since: Timestamp.nullable(),
  evidenceAt: Timestamp.nullable().describe("When the newest evidence was taken."),
  evidenceSource: z.enum(["agent"]),
  freshForSeconds: z.number().describe("Evidence older than this makes the state unknown."),
  everySeconds: z.number(),
  subjects: z.array(SubjectState),
  settings: z.record(z.string(), z.unknown()).describe("Effective selection, judgement and common settings."),
  sources: z.record(z.string(), PolicySource).describe("Per setting: where its value comes from."),
});
export type DeviceCheck = z.infer<typeof DeviceCheck>;

export const Finding = z.object({
  findingId: Id,
  customerId: Id.nullable().describe("null for findings about the server itself; `customerName` is the provider's then."),
  customerName: z.string(),
  siteId: Id.nullable(),
  siteName: z.string().nullable(),
  timeZone: z.string().describe("Of the site, else of its customer, else of the provider."),
  deviceId: Id.nullable(),
  deviceName: z.string().nullable(),
  check: z.string().describe("Check id; `device` for findings about the device itself, `server` for findings about the server itself."),
  instance: z.string(),
  code: z.string(),
  subject: z.string(),
  severity: Severity,
  state: z.enum(["open", "acknowledged", "closed"]),
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  evidenceAt: Timestamp,
  openedAt: Timestamp,
  changedAt: Timestamp,
  closedAt: Timestamp.nullable(),
  acknowledgement: z
    .object({
      by: z.string(),
      at: Timestamp,
      note: z.string(),
      customerNote: z.string().describe("What the customer may read."),
      until: Timestamp.nullable(),
    })
    .nullable(),
  hold: z
    .object({
      kind: z.enum(["maintenance", "cause"]),
      maintenanceWindowId: Id.nullable(),
      windowName: z.string().nullable(),
      until: Timestamp.nullable().describe(
        "Then somebody is told, if it is still there; null: not as long as its cause lasts, or its window says so.",
      ),
    })
    .nullable()
    .describe("Why nobody was told of it, or of its change for the worse."),
  incident: z
    .object({
      incidentId: Id,
      causeFindingId: Id,
      isCause: z.boolean(),
      members: z.int().describe("Of the cause: how many open findings it explains. Of the others: 0."),
    })
    .nullable(),
});
export type Finding = z.infer<typeof Finding>;
export const AcknowledgeFinding = z.object({
  note: z.string().trim().max(2_000).default("").describe("For the house."),
  customerNote: z.string().trim().max(2_000).optional().describe("For the customer to read."),
  until: Timestamp.optional().describe("Left out: until it is over. A change for the worse ends it in any case."),
  onlyIfOpen: z
    .boolean()
    .optional()
    .describe("true: refused with CONFLICT when somebody has acknowledged it already, instead of replacing that."),
});
export const ReopenFinding = z.object({
  acknowledgedAt: Timestamp.optional().describe(
    "Takes back the acknowledgement of this moment only; CONFLICT when another one stands by now.",
  ),
});

export const FindingEvent = z.object({
  at: Timestamp,
  kind: z.enum(["opened", "changed", "acknowledged", "reopened", "closed", "mailed", "noted", "held", "released", "ordered", "contacted"]),
  actor: z.string(),
  severity: Severity.nullable(),
  note: z.string().nullable(),
  evidence: z.record(z.string(), z.unknown()).nullable(),
});

/** One check as it can be set: made from defineCheck. Schemas are JSON Schema. */
export const CheckReference = z.object({
  check: z.string(),
  version: z.int(),
  description: z.string(),
  promises: z.array(z.string()),
  onByDefault: z.boolean(),
  fromServer: z
    .object({ target: z.string() })
    .nullable()
    .describe("The server can measure it too, for a device without an agent; the setting that says what is asked."),
  everySeconds: z.number(),
  failuresBeforeFinding: z.int(),
  settingsSchema: z.record(z.string(), z.unknown()),
  sampleSchema: z.record(z.string(), z.unknown()),
  findings: z.record(z.string(), z.object({ description: z.string(), raises: z.array(z.string()) })),
});

export const Series = z.object({
  check: z.int(),
  from: Timestamp,
  to: Timestamp,
  stepSeconds: z.number().describe("0: single samples; 3600: hourly roll-ups."),
  series: z.array(
    z.object({
      field: z.string(),
      unit: z.string(),
      subject: z.string(),
      /** Unix seconds, ascending. */
      at: z.array(z.number()),
      /** Value or mean; null is a gap. */
      value: z.array(z.number().nullable()),
      min: z.array(z.number().nullable()).optional(),
      max: z.array(z.number().nullable()).optional(),
    }),
  ),
});

export const Overview = z.object({
  at: Timestamp,
  devices: z.object({ total: z.int(), measured: z.int(), notMeasured: z.int(), byState: StateCounts, present: z.int() }),
  findings: z.object({
    warning: z.int(),
    failure: z.int(),
    acknowledged: z.int(),
    held: z
      .object({ maintenance: z.int(), cause: z.int() })
      .describe(
        "Of those that are not closed, the ones that nobody is told of because of a maintenance window, or because a cause explains them.",
      ),
  }),
  /** Open failures and warnings by customer, worst first. */
  broken: z.array(
    z.object({
      customerId: Id.nullable().describe("null: the server itself."),
      customerName: z.string(),
      warning: z.int(),
      failure: z.int(),
      affectedDevices: z.int(),
      oldestOpenedAt: Timestamp,
    }),
  ),
  unknownTotal: z.int().describe("Devices without any fresh evidence, or with checks that lack it; the first 100 stand in `unknown`."),
  /** Devices and checks without fresh evidence, with the reason. */
  unknown: z.array(
    z.object({
      deviceId: Id,
      deviceName: z.string(),
      customerName: z.string(),
      reason: z.string(),
      since: Timestamp.nullable(),
      checks: z.int(),
    }),
  ),
  /** What opened or closed since the reader's last visit. */
  changed: z.array(Finding),
  /** What was promised for today: acknowledgements that end before the provider's midnight, soonest first. */
  promised: z.object({ until: Timestamp, total: z.int(), findings: z.array(Finding) }),
  server: z.object({
    mailStuck: z.int().describe("Mails that have waited for ten minutes, whatever keeps them."),
    mailKept: z.int(),
    startedAt: Timestamp,
    version: z.string(),
    diskFreeBytes: z.number().nullable(),
  }),
});

/** Which customers an account reaches. `exclude` reaches all but these, customers that are added later too. */
export const Reach = z.object({
  mode: z.enum(["all", "include", "exclude"]),
  customerIds: z.array(Id).max(1_000).default([]).describe("Customers that are included or excluded; empty for all."),
});
export type Reach = z.infer<typeof Reach>;

export const Account = z.object({
  accountId: Id,
  email: z.string(),
  name: z.string(),
  role: z.enum(roles),
  reach: Reach,
  language: LanguageCode,
  createdAt: Timestamp,
});
export const NewSession = z.object({ email: z.string().min(3).max(320), password: z.string().min(1).max(1_000) });
export const CreatedSession = z.object({
  token: z.string().describe("Bearer token. Empty when the console signed in: then it travels in an HttpOnly cookie."),
  expiresAt: Timestamp,
  account: Account,
});

export const ApiKey = z.object({
  apiKeyId: Id,
  name: Name,
  scopes: z.array(GrantableScope),
  customerIds: z.array(Id).nullable().describe("null: all customers."),
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable().describe("null: until it is revoked."),
  lastUsedAt: Timestamp.nullable(),
  revokedAt: Timestamp.nullable(),
});
export const NewApiKey = z.object({
  name: Name,
  scopes: z.array(GrantableScope).min(1),
  customerIds: z.array(Id).min(1).max(1_000).nullable().default(null),
  expiresAt: Timestamp.nullable().default(null),
});
/** The key itself is shown once. */
export const CreatedApiKey = ApiKey.extend({ key: z.string() });

export const Webhook = z.object({
  webhookId: Id,
  customerId: Id.nullable(),
  url: z.url({ protocol: /^https?$/ }).describe("For those without settings:write the host and how the path begins."),
  active: z.boolean(),
  createdAt: Timestamp,
});
export const NewWebhook = Webhook.pick({ customerId: true, url: true });
/** The signing secret is shown once. */
export const CreatedWebhook = Webhook.extend({ secret: z.string() });
export const WebhookDelivery = z.object({
  deliveryId: Id,
  event: z.string(),
  state: z.enum(["queued", "delivered", "failed"]),
  attempts: z.int(),
  lastStatus: z.int().nullable(),
  lastError: z.string().nullable(),
  createdAt: Timestamp,
});

export const AuditEntry = z.object({
  auditEntryId: Id,
  at: Timestamp,
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  action: z.string(),
  subjectKind: z.string(),
  subjectId: z.string(),
  customerId: Id.nullable(),
  detail: z.record(z.string(), z.unknown()),
  sealed: z.boolean(),
});

export const Health = z.object({ status: z.enum(["ok", "starting", "failing"]), version: z.string(), problems: z.array(z.string()) });

/** What the live stream tells: something of this kind changed; the console fetches what it shows. */
export const LiveEvent = z.object({
  kind: z
    .enum(["device", "finding", "outbox", "customer", "policy", "maintenance", "audit", "round"])
    .describe("audit: somebody did something, as the audit log has it. round: records of rounds were opened or settled."),
  id: z.string().describe("Of audit, the kind of thing that it was done to, such as recipient; of round, nothing."),
  customerId: Id.nullable(),
  change: z.enum(["created", "changed", "closed", "removed"]),
});
export type LiveEvent = z.infer<typeof LiveEvent>;

export const ProviderSettings = z.object({
  name: Name,
  language: LanguageCode,
  timeZone: TimeZone,
  mailFrom: z.string().max(320),
  secondFactor: z
    .enum(["off", "owners-and-administrators", "all"])
    .describe("Of whom a second factor is wanted. Who has none can set one up and nothing else (off)."),
  ...retentionFields,
  serverSilentMinutes: z.number().min(1).max(10_080).describe("Silence of a server becomes a finding after this (5)."),
  workstationSilentDays: z.number().min(0.01).max(365).describe("Silence of a workstation becomes a finding after this (14)."),
  noiseBudget: NoiseBudget,
  asksSignedIn: z
    .boolean()
    .describe(
      "Whether agents tell who is signed in at their computers (true); customers can go without. Off, nothing is told, and what is stored is deleted.",
    ),
});
