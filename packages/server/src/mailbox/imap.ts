/** Mailboxes by IMAP (RFC 3501 and 9051): imapflow, brought down to what reading one folder needs. */
import { ImapFlow, type ImapFlowOptions, type MailboxObject } from "imapflow";
import { redactText } from "../operation/redact.ts";
import { MailboxError, mostBytes, type OpenMailbox } from "./mailbox.ts";
import type { MailboxAddress } from "./mailbox-address.ts";

/** A server that says nothing for so long is gone. */
const silenceMs = 90_000;
const connectMs = 30_000;
/** No answer that is needed here comes near it. */
const mostResponseBytes = 8 * 1_024 * 1_024;

/** Connects, signs in and opens the folder for writing. Throws `MailboxError`. */
export async function openImapMailbox(address: MailboxAddress): Promise<OpenMailbox> {
  const client = new ImapFlow(optionsOf(address));
  let lost: Error | undefined;
  const onLost = new Set<() => void>();
  const lose = (error: Error) => {
    lost ??= error;
    for (const tell of onLost) tell();
  };
  client.on("error", (error: Error) => lose(said(error)));
  client.on("close", () => lose(new MailboxError("The connection was closed.")));
  try {
    await client.connect();
    const box = await client.mailboxOpen(address.folder);
    if (box.readOnly) throw new MailboxError("The folder may only be read, not changed.");
    return openMailbox(client, box, address, onLost, () => lost);
  } catch (error) {
    client.close();
    throw said(error);
  }
}

function optionsOf(address: MailboxAddress): ImapFlowOptions {
  const { host, port, tls, user, password, trustsAnyCertificate } = address;
  return {
    host,
    port,
    secure: tls === "at-once",
    ...(tls === "upgrade" ? { doSTARTTLS: true } : {}),
    auth: { user, pass: password },
    tls: { rejectUnauthorized: !trustsAnyCertificate },
    logger: false,
    clientInfo: { name: "Hauswart" },
    disableAutoIdle: true,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: silenceMs,
    maxLineLength: mostResponseBytes,
    maxLiteralSize: mostResponseBytes,
    maxResponseSize: 2 * mostResponseBytes,
  };
}

function openMailbox(
  client: ImapFlow,
  { uidValidity, uidNext }: MailboxObject,
  { doneFolder }: MailboxAddress,
  onLost: Set<() => void>,
  lost: () => Error | undefined,
): OpenMailbox {
  const ask = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await work();
    } catch (error) {
      throw lost() ?? said(error);
    }
  };
  return {
    uidValidity,
    newestUid: uidNext - 1,
    uidsAfter: (uid, receivedSinceMs) =>
      ask(async () => {
        const since = receivedSinceMs === undefined ? {} : { since: new Date(receivedSinceMs) };
        const found = await client.search({ uid: `${uid + 1}:*`, ...since }, { uid: true });
        if (!found) throw lost() ?? new MailboxError("The mail server does not say which messages there are.");
        // `n:*` names the newest message too where none is as new as n (RFC 3501, section 9, seq-range).
        return found.filter((one) => one > uid).toSorted((one, other) => one - other);
      }),
    read: (uid) =>
      ask(async () => {
        const query = { uid: true, size: true, internalDate: true, source: { start: 0, maxLength: mostBytes } };
        const message = await client.fetchOne(String(uid), query, { uid: true });
        if (!message || !message.source) {
          if (client.usable) return undefined;
          throw lost() ?? new MailboxError("The connection was lost.");
        }
        const received = new Date(message.internalDate ?? Number.NaN).getTime();
        return {
          uid,
          sizeBytes: message.size ?? message.source.byteLength,
          receivedAtMs: Number.isNaN(received) ? 0 : received,
          source: message.source.subarray(0, mostBytes),
        };
      }),
    mark: (uid, outcome) =>
      ask(async () => {
        const range = String(uid);
        if (outcome === "given-up") await client.messageFlagsAdd(range, ["\\Flagged"], { uid: true });
        else {
          await client.messageFlagsAdd(range, ["\\Seen"], { uid: true });
          if (doneFolder !== undefined && !(await client.messageMove(range, doneFolder, { uid: true })))
            throw new MailboxError(`A message could not be moved to the folder ${doneFolder}.`);
        }
      }),
    news: (withinMs, signal) => waitForNews(client, withinMs, signal, onLost, lost),
    close: () => client.close(),
  };
}

/** IDLE where the server has it; the next command ends it. */
function waitForNews(
  client: ImapFlow,
  withinMs: number,
  signal: AbortSignal,
  onLost: Set<() => void>,
  lost: () => Error | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      client.off("exists", end);
      signal.removeEventListener("abort", end);
      onLost.delete(end);
      const error = lost();
      if (error && !signal.aborted) reject(error);
      else resolve();
    };
    const timer = setTimeout(end, withinMs);
    client.on("exists", end);
    signal.addEventListener("abort", end);
    onLost.add(end);
    if (lost() || signal.aborted) end();
    // What ends IDLE otherwise is told by the events above.
    else client.idle().catch(() => undefined);
  });
}

/** What imapflow puts on its errors. */
interface ImapError {
  readonly message?: string;
  readonly code?: string;
  readonly responseText?: string;
  readonly authenticationFailed?: boolean;
}

function said(error: unknown): MailboxError {
  if (error instanceof MailboxError) return error;
  const { message = String(error), code, responseText, authenticationFailed } = (error ?? {}) as ImapError;
  const words = authenticationFailed ? ["The mail server refuses the sign-in", responseText] : [code, responseText ?? message];
  return new MailboxError(redactText([...new Set(words.filter(Boolean))].join(": ")).slice(0, 300));
}
