/** A real SMTP server on loopback that keeps what it is given and can be made to misbehave in the ways that real ones do. */
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import { freePort } from "./ports.ts";
import { patienceMs } from "./until.ts";

export interface ReceivedMail {
  /** Envelope, not header. */
  readonly sender: string;
  readonly recipients: readonly string[];
  /** What the sender asked for about delivery reports, RFC 3461. */
  readonly wantedReports: { readonly ret: string | undefined; readonly envid: string | undefined };
  /** Unix time in milliseconds at which the whole message was there. */
  readonly receivedAt: number;
  /** False when the connection was dropped before the answer: the sender cannot know that the mail was taken. */
  readonly answered: boolean;
  readonly message: Email;
  readonly source: string;
}

/** How the server treats its clients; change it at any time. */
export interface MailBehaviour {
  /** Recipients, in lower case, that are refused for good (550). */
  readonly refusedRecipients: Set<string>;
  /** Answers 451 at the recipient or after the message. */
  temporaryFailure: "recipient" | "message" | undefined;
  /** Pause before a message is taken and answered, in milliseconds. A client that is cut off meanwhile leaves nothing. */
  delayMs: number;
  /** So many of the next messages are taken, but the connection ends before the answer. */
  dropsAfterMessage: number;
}

export interface MailServerOptions {
  /** When given, clients must sign in. */
  readonly credentials?: { readonly user: string; readonly password: string };
}

/** Starts a mail server on a free port of 127.0.0.1. `await using` stops it. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const server = new MailServer(options);
  await server.start();
  return server;
}

export class MailServer {
  readonly mails: ReceivedMail[] = [];
  readonly behaviour: MailBehaviour = { refusedRecipients: new Set(), temporaryFailure: undefined, delayMs: 0, dropsAfterMessage: 0 };
  /** How many clients connected, over all starts. */
  connectionCount = 0;
  /** Messages that are there but neither taken nor refused yet. */
  pendingCount = 0;
  readonly #options: MailServerOptions;
  readonly #sockets = new Map<number, Socket>();
  #server: SMTPServer | undefined;
  #port = 0;
  #waiting = new Set<() => void>();

  constructor(options: MailServerOptions) {
    this.#options = options;
  }

  /** Address for `HAUSWART_SMTP_URL`; the same after a stop and a start. */
  get url(): string {
    const { credentials } = this.#options;
    const login = credentials ? `${encodeURIComponent(credentials.user)}:${encodeURIComponent(credentials.password)}@` : "";
    return `smtp://${login}127.0.0.1:${this.#port}`;
  }

  /** Listens, on the port of the last time where there was one. */
  async start(): Promise<void> {
    if (this.#server) throw new Error("The mail server is already up.");
    this.#port ||= await freePort();
    const server = this.#makeServer();
    // Errors of single clients (a reset connection, say) are theirs to handle; only a failed start is ours.
    const failed = new Promise<never>((_, reject) => server.on("error", reject));
    failed.catch(() => {});
    await Promise.race([new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve)), failed]);
    server.server.on("connection", (socket) => this.#remember(socket));
    this.#server = server;
  }

  /** Ends all connections and refuses new ones. Mails received so far stay. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.#sockets.values()) socket.destroy();
    await closed;
  }

  /** The first mail that fits, also one that is there already. Throws after the time with the subjects that did come. */
  async waitForMail(fits: (mail: ReceivedMail) => boolean, timeoutMs = patienceMs): Promise<ReceivedMail> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = this.mails.find(fits);
      if (found) return found;
      const restMs = deadline - Date.now();
      if (restMs <= 0)
        throw new Error(`No such mail within ${timeoutMs} ms. Received: ${JSON.stringify(this.mails.map((mail) => mail.message.subject))}`);
      await this.#nextMail(restMs);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #makeServer(): SMTPServer {
    const { credentials } = this.#options;
    return new SMTPServer({
      logger: false,
      disabledCommands: credentials ? ["STARTTLS"] : ["STARTTLS", "AUTH"],
      authOptional: !credentials,
      allowInsecureAuth: true,
      disableReverseLookup: true,
      hideDSN: false,
      closeTimeout: 1_000,
      onAuth: (auth, _session, callback) => {
        if (auth.username === credentials?.user && auth.password === credentials?.password) callback(null, { user: auth.username ?? "" });
        else callback(refusal(535, "Authentication failed"));
      },
      onRcptTo: (address, _session, callback) => {
        if (this.behaviour.refusedRecipients.has(address.address.toLowerCase())) callback(refusal(550, "No such mailbox"));
        else if (this.behaviour.temporaryFailure === "recipient") callback(refusal(451, "Try again later"));
        else callback();
      },
      onData: (stream, session, callback) => {
        this.#receive(stream, session).then(
          (error) => (error === "drop" ? this.#sockets.get(session.remotePort)?.destroy() : callback(error)),
          (error: unknown) => callback(refusal(451, String(error))),
        );
      },
    });
  }

  /** Takes one message. @returns the error to answer with, "drop" to end the connection instead, undefined when all is well. */
  async #receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Error | "drop" | undefined> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const receivedAt = Date.now();
    if (!(await this.#hesitate(session))) return "drop";
    if (this.behaviour.temporaryFailure === "message") return refusal(451, "Try again later");
    const raw = Buffer.concat(chunks);
    const { mailFrom, rcptTo, dsn } = session.envelope;
    const wantedReports = { ret: dsn?.ret ?? undefined, envid: dsn?.envid ?? undefined };
    const message = await PostalMime.parse(raw);
    const answered = this.behaviour.dropsAfterMessage === 0;
    if (!answered) this.behaviour.dropsAfterMessage--;
    const recipients = rcptTo.map((recipient) => recipient.address);
    this.mails.push({
      sender: mailFrom ? mailFrom.address : "",
      recipients,
      wantedReports,
      receivedAt,
      answered,
      message,
      source: raw.toString(),
    });
    for (const wake of this.#waiting) wake();
    return answered ? undefined : "drop";
  }

  /** @returns false when the client went away meanwhile. */
  async #hesitate(session: SMTPServerSession): Promise<boolean> {
    const socket = this.#sockets.get(session.remotePort);
    const gone = new AbortController();
    const abort = (): void => gone.abort();
    if (!socket || socket.destroyed) return false;
    socket.once("close", abort);
    this.pendingCount++;
    try {
      if (this.behaviour.delayMs > 0) await pause(this.behaviour.delayMs, undefined, { signal: gone.signal });
      return true;
    } catch {
      return false;
    } finally {
      this.pendingCount--;
      socket.off("close", abort);
    }
  }

  #remember(socket: Socket): void {
    this.connectionCount++;
    const port = socket.remotePort ?? 0;
    this.#sockets.set(port, socket);
    socket.once("close", () => this.#sockets.delete(port));
  }

  #nextMail(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.#waiting.add(done);
    });
  }
}

function refusal(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}
