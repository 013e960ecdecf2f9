/**
 * What came of one attempt to hand a mail to the mail server, and what follows from it. Pure.
 *
 * ```
 *            accepted by somebody, nobody left        ┌──────┐
 *          ┌─────────────────────────────────────────▶│ sent │
 * ┌────────┴┐  refused by all, or given up            └──────┘
 * │ queued  │────────────────────────────────────────▶ refused      sent ──▶ returned: came back from everybody (../reports)
 * └─▲────┬──┘                                             │                       │
 *   │    └─ temporary trouble: queued, later              │                       │
 *   └───────────────── a person says: again ──────────────┴───────────────────────┴── kept (no mail server is set)
 * ```
 */
import { backoffMs } from "../../jobs/backoff.ts";
import type { ReportAction } from "../reports/delivery-status.ts";

export interface MailRecipientState {
  readonly address: string;
  readonly state: "queued" | "sent" | "refused" | "returned";
  /** The mail server's words; empty when it said nothing special. */
  readonly answer: string;
  /** The last delivery report about this recipient (reports/take-reports.ts). */
  readonly report?: {
    readonly action: ReportAction;
    /** RFC 3463, such as `5.1.1`. */
    readonly status: string | null;
    /** In the words of the server that said so. */
    readonly words: string;
    /** That server. */
    readonly by: string | null;
    /** When the report arrived, ISO 8601. */
    readonly at: string;
  };
}

/** Answer of the mail server to one recipient. */
export interface RecipientAnswer {
  readonly address: string;
  readonly verdict: "accepted" | "deferred" | "refused";
  readonly answer: string;
}

export type Attempt =
  /** The conversation went to its end, with an answer per recipient. */
  | { readonly kind: "answered"; readonly answers: readonly RecipientAnswer[] }
  /** This mail was turned away for everybody. */
  | { readonly kind: "message"; readonly isPermanent: boolean; readonly answer: string }
  /** The server could not be used at all: not reached, too slow, wrong password, sender not allowed. Says nothing about the mail. */
  | { readonly kind: "server"; readonly problem: string };

export interface QueuedMail {
  readonly recipients: readonly MailRecipientState[];
  /** Those whom it came back from before this attempt's answer was known. */
  readonly cameBack?: ReadonlySet<string>;
  readonly deferrals: number;
  readonly queuedSinceMs: number;
}

export interface AfterAttempt {
  readonly state: "queued" | "sent" | "refused" | "returned";
  readonly recipients: readonly MailRecipientState[];
  readonly deferrals: number;
  readonly lastError: string | null;
  /** undefined when the mail is done. */
  readonly nextAttemptAtMs: number | undefined;
}

const dayMs = 86_400_000;
/** RFC 5321, section 4.5.4.1: give up after at least four to five days. */
export const giveUpAfterMs = 5 * dayMs;
/** Retries of one mail: seconds at first (greylisting, a full queue), four hours at last. */
const deferralBackoff = { firstMs: 5_000, mostMs: 4 * 3_600_000 };
/** While the server is down one attempt a minute is no burden, and an alarm leaves a minute after it is back. */
export const serverBackoff = { firstMs: 1_000, mostMs: 60_000 };

/** Works out where a mail stands after an attempt. */
export function afterAttempt(mail: QueuedMail, attempt: Attempt, nowMs: number, random: () => number = Math.random): AfterAttempt {
  const answered = mail.recipients.map((recipient) =>
    recipient.state === "queued" ? answer(recipient, attempt, mail.cameBack) : recipient,
  );
  const problem = problemOf(attempt);
  const isGivenUp = nowMs - mail.queuedSinceMs >= giveUpAfterMs;
  const recipients = isGivenUp
    ? answered.map((recipient) =>
        recipient.state === "queued"
          ? { ...recipient, state: "refused" as const, answer: `given up after 5 days: ${problem ?? "no answer"}` }
          : recipient,
      )
    : answered;
  const isWaiting = recipients.some(({ state }) => state === "queued");
  const deferrals = mail.deferrals + (attempt.kind === "server" ? 0 : 1);
  if (!isWaiting) {
    const isSent = recipients.some(({ state }) => state === "sent");
    return {
      state: isSent ? "sent" : recipients.some(({ state }) => state === "returned") ? "returned" : "refused",
      recipients,
      deferrals: mail.deferrals,
      lastError: isSent && problem === null ? null : problem,
      nextAttemptAtMs: undefined,
    };
  }
  const waitMs = attempt.kind === "server" ? backoffMs(serverBackoff, 4, random) : backoffMs(deferralBackoff, deferrals, random);
  return { state: "queued", recipients, deferrals, lastError: problem, nextAttemptAtMs: nowMs + waitMs };
}

function answer(recipient: MailRecipientState, attempt: Attempt, cameBack?: ReadonlySet<string>): MailRecipientState {
  if (attempt.kind === "server") return recipient;
  if (attempt.kind === "message") return { ...recipient, state: attempt.isPermanent ? "refused" : "queued", answer: attempt.answer };
  const said = attempt.answers.find(({ address }) => address.toLowerCase() === recipient.address.toLowerCase());
  if (!said) return recipient;
  const states = { accepted: cameBack?.has(recipient.address) ? "returned" : "sent", deferred: "queued", refused: "refused" } as const;
  return { ...recipient, state: states[said.verdict], answer: said.answer };
}

function problemOf(attempt: Attempt): string | null {
  if (attempt.kind === "server") return attempt.problem;
  if (attempt.kind === "message") return attempt.answer;
  return (
    attempt.answers
      .filter(({ verdict }) => verdict !== "accepted")
      .map(({ address, answer: said }) => `${address}: ${said}`)
      .join("; ") || null
  );
}
