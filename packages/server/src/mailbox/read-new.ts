/** One pass over a mailbox: what is new is handed to its handlers, message after message, oldest first. */
import type { Services } from "../services.ts";
import type { MailboxHandler, OpenMailbox } from "./mailbox.ts";
import { beginMessage, endMessage, lastUid, noteRead, type MailboxKey } from "./store.ts";

/** A message that ends its handler, the connection or the whole process so often is left alone, so that it keeps no later one from being read. */
const mostAttempts = 3;

/** Of a mailbox that is new to the server so much of its past is read: mail servers give up after five days (RFC 5321, 4.5.4.1). */
const firstLookMs = 7 * 86_400_000;

type Outcome = "taken" | "left" | "given-up";

/** What a pass needs besides the mailbox. */
export interface Reading extends MailboxKey {
  readonly services: Services;
  readonly handlers: readonly MailboxHandler[];
}

/**
 * Reads until nothing is new. Throws when the connection or the database fails, and when a handler fails; the message that it failed at
 * comes first in the next pass.
 * @param signal ends the pass between two messages
 * @returns how many messages it has dealt with
 */
export async function readNew(reading: Reading, mailbox: OpenMailbox, signal: AbortSignal): Promise<number> {
  const { services } = reading;
  const known = await lastUid(reading, mailbox.uidValidity);
  const since = known === undefined ? services.clock.now() - firstLookMs : undefined;
  const uids = await mailbox.uidsAfter(known ?? 0, since);
  let read = 0;
  for (const uid of uids) {
    if (signal.aborted) return read;
    await dealWith(reading, mailbox, uid);
    read++;
  }
  await noteRead(reading, mailbox.uidValidity, mailbox.newestUid);
  return read;
}

async function dealWith(reading: Reading, mailbox: OpenMailbox, uid: number): Promise<void> {
  const { log, metrics } = reading.services;
  // Counted before it is fetched: there are messages at which a mail server hangs up.
  const attempt = await beginMessage(reading, uid);
  const outcome = attempt > mostAttempts ? "given-up" : await readAndHandOver(reading, mailbox, uid);
  await endMessage(reading, mailbox.uidValidity, uid);
  metrics
    .counter({ name: "mailbox_messages_total", help: "Messages read from the house's mailbox, by what came of them.", labels: ["outcome"] })
    .add(1, { outcome });
  if (outcome === "given-up")
    log.error("a message in the mailbox could not be dealt with; it is flagged there", { mailbox: reading.name, uid });
  if (outcome === "left") return;
  await mailbox.mark(uid, outcome).catch((error: unknown) => {
    // It is dealt with all the same; a lost connection shows in the next command.
    log.warn("a message in the mailbox could not be marked", { mailbox: reading.name, uid, error });
  });
}

async function readAndHandOver(reading: Reading, mailbox: OpenMailbox, uid: number): Promise<Outcome> {
  const message = await mailbox.read(uid);
  if (!message) return "left";
  for (const handler of reading.handlers) {
    if (await handler.take(message)) return "taken";
  }
  return "left";
}
