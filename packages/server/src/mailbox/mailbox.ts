/**
 * A mailbox of the house, read by the server: who takes its messages, and what a connection to it can do.
 *
 * A message is handed over until it was handled or given up three times, so none is lost. It is handed over a second time when the
 * process dies in between, or when the mail server numbers the mailbox anew: who takes it must be able to meet it twice.
 */

/** A message as the mailbox has it. What is in it was written by anybody. */
export interface MailboxMessage {
  readonly uid: number;
  readonly sizeBytes: number;
  /** When the mail server put it there, Unix milliseconds. */
  readonly receivedAtMs: number;
  /** Its beginning, at most `mostBytes` of it. */
  readonly source: Uint8Array;
}

/** Takes messages of one kind. */
export interface MailboxHandler {
  readonly name: string;
  /** @returns whether the message was for it; then no other handler sees it. A message that is for nobody stays as it is, for people. */
  take(message: MailboxMessage): Promise<boolean>;
}

/** So much of a message is read; the rest of a larger one is never fetched. */
export const mostBytes = 512 * 1_024;

/** A connection with the folder open. Everything on it fails once the connection is lost. */
export interface OpenMailbox {
  readonly uidValidity: bigint;
  /** The highest that was given out when the folder was opened; 0 in a new one. */
  readonly newestUid: number;
  /** Ascending. @param receivedSinceMs leaves out what is older, by days */
  uidsAfter(uid: number, receivedSinceMs: number | undefined): Promise<number[]>;
  /** undefined when it is gone. */
  read(uid: number): Promise<MailboxMessage | undefined>;
  /** `taken`: marks it as seen, or moves it. `given-up`: flags it, for people to look at. */
  mark(uid: number, outcome: "taken" | "given-up"): Promise<void>;
  /** Resolves when something has come, when the time is over or `signal` is aborted. Throws when the connection is lost. */
  news(withinMs: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Connects, signs in and opens the folder. Throws `MailboxError`. */
export type OpenTheMailbox = () => Promise<OpenMailbox>;

/** Why a mailbox cannot be read, in words without secrets. */
export class MailboxError extends Error {
  override readonly name = "MailboxError";
}
