/** The way to the mail server: nodemailer with a pool of connections, and its many errors brought down to three kinds. */
import nodemailer from "nodemailer";
import { redactText } from "../../operation/redact.ts";
import type { Attempt, RecipientAnswer } from "./attempt.ts";

export interface OutgoingMail {
  readonly messageId: string;
  readonly from: string;
  /** Everybody in the To line. */
  readonly to: readonly string[];
  /** Those who have not had it yet. */
  readonly envelopeTo: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly createdAtMs: number;
}

export interface MailTransport {
  /** Tries once. Never throws. */
  send(mail: OutgoingMail): Promise<Attempt>;
  close(): void;
}

/** Connections to the mail server at the same time. */
export const smtpConnections = 4;

/** A server that takes longer than this for one mail counts as failing; RFC 5321 allows more, but alarms cannot wait. */
const wholeAttemptMs = 120_000;

/** @param smtpUrl smtp://user:password@host:587 or smtps:// */
export function smtpTransport(smtpUrl: string, timeLimitMs: number = wholeAttemptMs): MailTransport {
  const transport = nodemailer.createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: smtpConnections,
    maxMessages: 1_000,
    // One silent second try heals a pooled connection that the server has closed meanwhile; more is the outbox's business.
    maxRequeues: 1,
    connectionTimeout: Math.min(15_000, timeLimitMs),
    greetingTimeout: Math.min(15_000, timeLimitMs),
    socketTimeout: Math.min(60_000, timeLimitMs),
    dnsTimeout: 10_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      try {
        const info = await transport.sendMail({ ...composed(mail), signal: AbortSignal.timeout(timeLimitMs) });
        return {
          kind: "answered",
          answers: [
            ...mail.envelopeTo.filter((address) => !isAmong(address, info.rejected)).map((address) => accepted(address, info.response)),
            ...refusals(info.rejectedErrors),
          ],
        };
      } catch (error) {
        return attemptFrom(error, mail.envelopeTo);
      }
    },
    close: () => transport.close(),
  };
}

function composed(mail: OutgoingMail) {
  const addressed = (address: string) => ({ name: "", address });
  return {
    messageId: mail.messageId,
    date: new Date(mail.createdAtMs),
    from: mail.from,
    to: mail.to.map(addressed),
    envelope: { from: mail.from, to: [...mail.envelopeTo] },
    dsn: wantedReports(mail.messageId),
    headers: { ...mail.headers },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
  };
}

/**
 * RFC 3461, where the mail server speaks it: reports name the mail by what its readers never see, tell of delays too, and bring its
 * header back and not its text. An ENVID has at most 100 characters.
 */
function wantedReports(messageId: string) {
  const id = messageId.replace(/^<|>$/g, "");
  return { ...(id.length <= 100 ? { id } : {}), return: "headers" as const, notify: ["failure" as const, "delay" as const] };
}

/** @param response the mail server's last line, such as `250 2.0.0 Ok: queued as 4F2A1`. */
const accepted = (address: string, response: string | undefined): RecipientAnswer => ({
  address,
  verdict: "accepted",
  answer: redactText(response ?? "").slice(0, 500),
});

const isAmong = (address: string, rejected: readonly unknown[] | undefined) =>
  (rejected ?? []).some(
    (other) =>
      (typeof other === "string" ? other : ((other as { address?: string }).address ?? "")).toLowerCase() === address.toLowerCase(),
  );

/** What nodemailer puts on its errors. */
interface SmtpError {
  readonly message?: string;
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
  readonly recipient?: string;
  readonly rejectedErrors?: readonly SmtpError[];
}

function refusals(errors: unknown): RecipientAnswer[] {
  return ((errors ?? []) as readonly SmtpError[]).flatMap((error) =>
    error.recipient
      ? [{ address: error.recipient, verdict: (error.responseCode ?? 550) >= 500 ? "refused" : "deferred", answer: words(error) } as const]
      : [],
  );
}

const words = (error: SmtpError) => redactText(error.response ?? error.message ?? "no reason given").slice(0, 500);

/** Sorts an error of nodemailer. */
export function attemptFrom(error: unknown, envelopeTo: readonly string[]): Attempt {
  const problem = (typeof error === "object" && error !== null ? error : { message: String(error) }) as SmtpError;
  const isAboutMessage = problem.code === "EMESSAGE" || problem.command === "DATA";
  if (isAboutMessage && problem.responseCode) return { kind: "message", isPermanent: problem.responseCode >= 500, answer: words(problem) };
  const perRecipient = refusals(problem.rejectedErrors);
  if (perRecipient.length > 0) return { kind: "answered", answers: perRecipient };
  // Without a code of the server it is nodemailer that could make no sense of the addresses.
  if (problem.code === "EENVELOPE" && !problem.responseCode)
    return { kind: "answered", answers: envelopeTo.map((address) => ({ address, verdict: "refused", answer: words(problem) })) };
  // A sender that is not allowed (MAIL FROM) is a matter of settings, like a wrong password: all mails wait until it is set right.
  return { kind: "server", problem: [problem.code, words(problem)].filter(Boolean).join(": ") };
}
