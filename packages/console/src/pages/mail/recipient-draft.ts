/** A recipient as the form has it. Pure, tested beside. */
import type { Recipient } from "@hauswart/protocol/api/routing.ts";
import type { RequestOf } from "@hauswart/protocol/api/client.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Topic } from "@hauswart/protocol/topics.ts";

export const severities = ["warning", "failure"] as const;
export const channels = ["mail", "teams", "ntfy", "push"] as const;

export interface Draft {
  readonly channel: (typeof channels)[number];
  /** Empty for a Teams workflow that is kept: only its host is known here. */
  readonly address: string;
  /** What is typed; a token that is kept is never shown. */
  readonly token: string;
  readonly dropsToken: boolean;
  readonly accountId: string | null;
  readonly customerId: string | null;
  readonly siteId: string | null;
  readonly language: Language;
  readonly fromSeverity: (typeof severities)[number];
  readonly topics: readonly Topic[];
  readonly checks: readonly string[];
  readonly recoveries: boolean;
  readonly quiet: boolean;
  readonly quietExcept: boolean;
  readonly onCallOnly: boolean;
  /** Somebody has made sure that what is sent arrives again. */
  readonly reachable: boolean;
}

export function emptyDraft(customerId: string | null, language: Language): Draft {
  return {
    channel: "mail",
    address: "",
    token: "",
    dropsToken: false,
    accountId: null,
    customerId,
    siteId: null,
    language,
    fromSeverity: "warning",
    topics: [],
    checks: [],
    recoveries: true,
    quiet: false,
    quietExcept: true,
    onCallOnly: false,
    reachable: false,
  };
}

export function draftOf({ topics, checks, quietExcept, address, channel, ...recipient }: Recipient): Draft {
  const { accountId, customerId, siteId, language, fromSeverity, recoveries, quiet, onCallOnly } = recipient;
  return {
    channel,
    address: channel === "mail" || channel === "ntfy" ? address : "",
    token: "",
    dropsToken: false,
    accountId,
    customerId,
    siteId,
    language,
    fromSeverity,
    topics: topics ?? [],
    checks: checks ?? [],
    recoveries,
    quiet,
    quietExcept: quietExcept !== null,
    onCallOnly,
    reachable: false,
  };
}

/** Whether it can be sent; the server checks it again. @param kept the channel of a recipient whose address may stay as it is */
export function isWhole({ channel, address, accountId }: Draft, kept?: Draft["channel"]): boolean {
  if (channel === "push") return accountId !== null;
  if (channel === "mail") return address.includes("@");
  return /^https?:\/\/./.test(address) || (channel === "teams" && kept === "teams" && address === "");
}

const chosen = <Value>(values: readonly Value[]) => (values.length === 0 ? null : [...values]);

export function newRecipient(draft: Draft): RequestOf<"createRecipient">["body"] {
  const { token, dropsToken: _, reachable: __, address, checks, topics, quietExcept, onCallOnly, ...rest } = draft;
  return {
    ...rest,
    address: address.trim(),
    topics: chosen(topics),
    checks: chosen(checks),
    quietExcept: quietExcept ? "failure" : null,
    onCallOnly: rest.accountId !== null && onCallOnly,
    ...(rest.channel === "ntfy" && token ? { token } : {}),
  };
}

/** Only what was changed is sent, so that the log and whoever edits at the same time see what was meant. */
export function recipientChange(
  changes: Partial<Draft>,
  { accountId, onCallOnly }: Draft,
  revision: number,
): RequestOf<"changeRecipient">["body"] {
  const { address, token, dropsToken, topics, checks, quietExcept, reachable, onCallOnly: _, ...rest } = changes;
  const isOnCallTouched = changes.onCallOnly !== undefined || (changes.accountId === null && onCallOnly);
  return {
    ...rest,
    revision,
    ...(address === undefined ? {} : { address: address.trim() }),
    ...(topics === undefined ? {} : { topics: chosen(topics) }),
    ...(checks === undefined ? {} : { checks: chosen(checks) }),
    ...(quietExcept === undefined ? {} : { quietExcept: quietExcept ? "failure" : null }),
    ...(isOnCallTouched ? { onCallOnly: accountId !== null && onCallOnly } : {}),
    ...(token ? { token } : dropsToken ? { token: null } : {}),
    ...(reachable ? { reachable } : {}),
  };
}
