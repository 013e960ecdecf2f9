/** Who is told what, how and when: recipients, people on call, escalation. */
import { z } from "zod";
import { Id } from "../ids.ts";
import { topics } from "../topics.ts";
import { LanguageCode, Severity, Timestamp, TimeZone } from "./models.ts";

export const Topic = z.enum(topics);
/** How a recipient is told. Webhooks, which are for programs, have routes of their own. */
export const Channel = z.enum(["mail", "teams", "ntfy", "push"]);
export type Channel = z.infer<typeof Channel>;

export const Unreachable = z.object({
  since: Timestamp,
  via: z.enum(["refused", "returned"]).describe("refused: by the receiver, at once; returned: a delivery report came back later."),
  reason: z.string(),
});
export type Unreachable = z.infer<typeof Unreachable>;

/** What a recipient wants; without the defaults of a new one. */
const wishes = {
  address: z
    .string()
    .trim()
    .max(1_000)
    .describe("mail: address; teams: address of the workflow; ntfy: address of the topic; push: left empty."),
  language: LanguageCode,
  fromSeverity: Severity.describe("Told only of findings at least this severe."),
  topics: z.array(Topic).nullable().describe("Groups of checks; null = all, where `checks` is null too."),
  checks: z.array(z.string()).nullable().describe("Check ids, besides those of the topics; null = all, where `topics` is null too."),
  recoveries: z.boolean(),
  quiet: z.boolean().describe("Keeps the quiet hours of its place; what came meanwhile follows afterwards in one message."),
  quietExcept: Severity.nullable().describe("Findings at least this severe come in quiet hours too; null = none."),
  onCallOnly: z.boolean().describe("Told only while its person is on call."),
};

/** Counts up with every change; a change names the one that it began from. */
const Revision = z.int().min(1);
const BeganFrom = Revision.describe("From which the change began; another one by now is a CONFLICT.");

export const Recipient = z.object({
  recipientId: Id,
  revision: Revision,
  customerId: Id.nullable().describe("null: for all customers."),
  siteId: Id.nullable(),
  channel: Channel,
  accountId: Id.nullable().describe("Whose it is: a person of the house."),
  ...wishes,
  hasToken: z.boolean().describe("An ntfy token is kept; it is never shown."),
  unreachable: Unreachable.nullable(),
});
export type Recipient = z.infer<typeof Recipient>;

export const NewRecipient = z.object({
  customerId: Id.nullable().default(null),
  siteId: Id.nullable().default(null),
  channel: Channel.default("mail"),
  accountId: Id.nullable().default(null),
  address: wishes.address.default(""),
  token: z.string().trim().max(500).optional().describe("ntfy: access token."),
  language: LanguageCode.default("de"),
  fromSeverity: Severity.default("warning"),
  topics: wishes.topics.default(null),
  checks: wishes.checks.default(null),
  recoveries: z.boolean().default(true),
  quiet: z.boolean().default(false),
  quietExcept: Severity.nullable().default("failure"),
  onCallOnly: z.boolean().default(false),
});
/** What is left out stays as it is. Another customer takes the site away. */
export const RecipientChange = z
  .object({
    customerId: Id.nullable(),
    siteId: Id.nullable(),
    channel: Channel,
    accountId: Id.nullable(),
    ...wishes,
    token: z
      .string()
      .trim()
      .max(500)
      .nullable()
      .describe("ntfy: access token; null takes it away. An address on another host takes it away too, unless it comes with one."),
    reachable: z.literal(true).describe("Somebody has made sure that mails arrive again."),
  })
  .partial()
  .extend({ revision: BeganFrom });

/** What came of a test message, in the receiver's own words. */
export const RecipientTest = z.object({
  state: z.enum(["accepted", "refused", "waiting"]).describe("waiting: no final answer within 20 seconds; it is tried again."),
  status: z.int().nullable().describe("SMTP or HTTP status of the answer."),
  answer: z.string().describe("The answer as it came, shortened."),
  problem: z
    .enum([
      "name-unknown",
      "refused-connection",
      "timeout",
      "certificate",
      "forbidden-address",
      "no-mail-server",
      "no-device",
      "answer",
      "other",
    ])
    .nullable(),
});
export type RecipientTest = z.infer<typeof RecipientTest>;

export const Hours = z.enum(["always", "service", "outside-service"]).describe("By the service hours of the calendars.");
export type Hours = z.infer<typeof Hours>;
const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const LocalDate = z.iso.date();

/** People who relieve each other. */
export const RotaLayer = z.object({
  name: z.string().trim().min(1).max(100),
  hours: Hours,
  startsOn: LocalDate.describe(
    "Local date from which the first person of the list is on call; counting goes by the handover on or before it.",
  ),
  handover: z.object({ weekday: z.int().min(1).max(7).describe("1 is Monday."), time: ClockTime }),
  everyWeeks: z.int().min(1).max(8),
  accountIds: z.array(Id).min(1).max(50).describe("In the order in which they relieve each other."),
});
export type RotaLayer = z.infer<typeof RotaLayer>;
const rotaFields = { name: z.string().trim().min(1).max(100), timeZone: TimeZone, layers: z.array(RotaLayer).min(1).max(5) };
export const Rota = z.object({ rotaId: Id, revision: Revision, ...rotaFields });
export type Rota = z.infer<typeof Rota>;
export const RotaContent = z.object(rotaFields);
export const RotaChange = RotaContent.extend({ revision: BeganFrom });

export const RotaOverride = z.object({
  overrideId: Id,
  rotaId: Id,
  layer: z.int(),
  accountId: Id,
  from: Timestamp,
  until: Timestamp,
  note: z.string(),
});
export type RotaOverride = z.infer<typeof RotaOverride>;
export const NewRotaOverride = z.object({
  layer: z.int().min(0).max(4),
  accountId: Id,
  from: Timestamp,
  until: Timestamp,
  note: z.string().trim().max(200).default(""),
});

/** Somebody is on call for a while. */
export const Shift = z.object({
  layer: z.int(),
  accountId: Id,
  name: z.string(),
  from: Timestamp,
  until: Timestamp,
  overrideId: Id.nullable().describe("Stands in for whoever would be on call."),
});
export type Shift = z.infer<typeof Shift>;
export const RotaCalendar = z.object({ rota: Rota, shifts: z.array(Shift), overrides: z.array(RotaOverride) });

export const OnCall = z.object({
  rotaId: Id,
  rotaName: z.string(),
  layer: z.int(),
  layerName: z.string(),
  accountId: Id,
  name: z.string(),
  until: Timestamp,
  isStandIn: z.boolean(),
});

export const EscalationTarget = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("rota"), rotaId: Id, layer: z.int().min(0).max(4) }),
  z.object({ kind: z.literal("account"), accountId: Id }),
  z.object({ kind: z.literal("owners") }),
]);
export type EscalationTarget = z.infer<typeof EscalationTarget>;
export const EscalationStep = z.object({
  afterMinutes: z.int().min(0).max(1_440).describe("After the step before, when nobody has acknowledged by then."),
  to: EscalationTarget,
});
export type EscalationStep = z.infer<typeof EscalationStep>;
const planFields = {
  customerId: Id.nullable().describe("null: for all customers. A customer's own plan goes before it."),
  name: z.string().trim().min(1).max(100),
  fromSeverity: Severity,
  topics: z.array(Topic).nullable(),
  hours: Hours,
  steps: z.array(EscalationStep).min(1).max(10),
  repeats: z.int().min(0).max(10).describe("So many times it begins with the first step again."),
};
export const EscalationPlan = z.object({ planId: Id, revision: Revision, ...planFields });
export type EscalationPlan = z.infer<typeof EscalationPlan>;
export const EscalationPlanContent = z.object(planFields);
export const EscalationPlanChange = EscalationPlanContent.extend({ revision: BeganFrom });

export const RoutingQuestion = z.object({
  customerId: Id.optional(),
  siteId: Id.optional(),
  deviceId: Id.optional().describe("Brings its customer and site with it."),
  check: z.string().max(64),
  severity: Severity,
  at: Timestamp.optional().describe("Left out: now."),
});
/** One of those who could be told, with what becomes of them and why. */
export const RoutingAnswer = z.object({
  kind: z.enum(["recipient", "escalation"]),
  recipientId: Id.nullable(),
  channel: Channel,
  name: z.string().describe("Address, or the person's name."),
  outcome: z.enum(["told", "held", "not-told"]),
  at: Timestamp.nullable(),
  why: z
    .enum([
      "fits",
      "breaks-quiet",
      "quiet",
      "on-call",
      "no-access",
      "other-place",
      "other-topic",
      "too-mild",
      "not-ordered",
      "only-on-call",
    ])
    .describe("no-access: the person's account is disabled, does not reach the customer or, on call, may not acknowledge."),
  step: z.int().nullable().describe("Of the escalation, beginning with 1."),
  place: z.string().describe("For whom the rule was set; empty for all customers."),
});
export type RoutingAnswer = z.infer<typeof RoutingAnswer>;
export const RoutingPreview = z.object({
  at: Timestamp,
  planName: z.string().nullable(),
  answers: z.array(RoutingAnswer),
  onCallNobody: z.boolean().describe("A step of the escalation has nobody on call at that time."),
});

/** What a link in a mail to somebody on call acknowledges. */
export const AcknowledgeOffer = z.object({
  providerName: z.string(),
  name: z.string(),
  language: LanguageCode,
  findings: z.array(
    z.object({ title: z.string(), place: z.string(), state: z.enum(["open", "acknowledged", "closed"]), by: z.string().nullable() }),
  ),
});

export const PushSubscription = z.object({ pushSubscriptionId: Id, deviceName: z.string(), createdAt: Timestamp });
export const NewPushSubscription = z.object({
  endpoint: z.url({ protocol: /^https$/ }).max(1_000),
  p256dh: z
    .string()
    .regex(/^[\w-]{87}$/)
    .describe("The browser's key, 65 bytes in base64url (RFC 8291, section 3.1)."),
  auth: z
    .string()
    .regex(/^[\w-]{22}$/)
    .describe("Its secret, 16 bytes in base64url (RFC 8291, section 3.2)."),
  deviceName: z.string().trim().min(1).max(100),
});

/** What a link in a digest ends. */
export const DigestOffer = z.object({ providerName: z.string(), address: z.string(), language: LanguageCode, isOn: z.boolean() });
