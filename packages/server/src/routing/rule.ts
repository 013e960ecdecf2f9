/** Whether a recipient is told of a finding at a moment, and why not. Pure; composing and the preview both ask it. */
import { alarmDrillCheckId } from "@hauswart/protocol/alarm-drill.ts";
import type { Channel } from "@hauswart/protocol/api/routing.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Topic } from "@hauswart/protocol/topics.ts";
import { reachesCustomer } from "../access/require-scope.ts";
import type { Severity } from "../mail/render/mail-texts.ts";

/** What a finding is, for those who choose what they are told. */
export interface RoutedFinding {
  /** null for findings about the server itself. */
  readonly customerId: Id | null;
  readonly siteId: Id | null;
  readonly checkId: string;
  readonly topic: Topic;
  readonly severity: Severity;
}

export interface Recipient {
  /** null for the owners, who are told what the server says of itself without being entered anywhere. */
  readonly recipientId: Id | null;
  readonly channel: Channel;
  readonly address: string;
  /** null: all customers. */
  readonly customerId: Id | null;
  /** null: all sites. */
  readonly siteId: Id | null;
  readonly language: Language;
  readonly fromSeverity: Severity;
  /** null: all, unless checks are named. */
  readonly topics: readonly Topic[] | null;
  /** Check ids; null: all, unless topics are named. */
  readonly checks: readonly string[] | null;
  readonly recoveries: boolean;
  /** Customers whose findings its person may see; none where the account is disabled. "*": all, or it is nobody's. */
  readonly reach: "*" | readonly Id[];
  /** Told through the on-call list alone. */
  readonly onCallOnly: boolean;
  /** The contract leaves it to the customer, who has not ordered alarms (ALM-1). */
  readonly isNotOrdered: boolean;
  /** When the quiet hours that it keeps end, Unix milliseconds; undefined while there are none. */
  readonly quietUntilMs: number | undefined;
  /** Findings at least this severe come in quiet hours too; null: none. */
  readonly quietExcept: Severity | null;
}

/** Two entries with the same key are one reader. */
export const keyOfReader = ({ channel, address, recipientId }: Pick<Recipient, "channel" | "address" | "recipientId">): string =>
  channel === "mail" ? address.toLowerCase() : (recipientId ?? address);

const channelNames = { teams: "Teams", ntfy: "ntfy", push: "Browser" } as const;

/** An address as the house's own findings name it. A mail address stands for itself. */
export const nameOfReader = ({ channel, address }: Pick<Recipient, "channel" | "address">): string =>
  channel === "mail" ? address.toLowerCase() : `${channelNames[channel]} ${address}`;

export type Refusal = "no-access" | "other-place" | "other-topic" | "too-mild" | "not-ordered" | "only-on-call";

export const isSevereEnough = (from: Severity, severity: Severity): boolean => from === "warning" || severity === "failure";

/** Why an entry is not about a finding at all, whatever its severity; undefined when it is. */
export function notAbout(recipient: Recipient, finding: RoutedFinding): Exclude<Refusal, "too-mild"> | undefined {
  const { customerId, siteId, topics, checks } = recipient;
  if ((customerId !== null && customerId !== finding.customerId) || (siteId !== null && siteId !== finding.siteId)) return "other-place";
  // An exercise goes the way of whatever alarm its readers chose, for it is their way that it tries.
  const isDrill = finding.checkId === alarmDrillCheckId;
  const isOfTopic = isDrill || (topics === null ? checks === null : topics.includes(finding.topic));
  if (!isOfTopic && !(checks?.includes(finding.checkId) ?? false)) return "other-topic";
  if (!reachesCustomer({ customers: recipient.reach }, finding.customerId)) return "no-access";
  if (recipient.onCallOnly) return "only-on-call";
  return recipient.isNotOrdered ? "not-ordered" : undefined;
}

/** Until when a finding waits for the end of an entry's quiet hours; undefined when it does not. */
export function heldUntilMs({ quietUntilMs, quietExcept }: Recipient, { severity }: RoutedFinding): number | undefined {
  return quietExcept !== null && isSevereEnough(quietExcept, severity) ? undefined : quietUntilMs;
}
