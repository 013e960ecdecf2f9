/**
 * Sends what is queued. Woken by the bus at once, by a short poll for retries and for what another process left behind.
 * Any number of processes may run one.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { backoffMs } from "../../jobs/backoff.ts";
import type { Services } from "../../services.ts";
import { serverBackoff, type Attempt } from "./attempt.ts";
import { smtpConnections, type MailTransport } from "./smtp.ts";
import { claimMails, claimMs, holdMails, recordAttempt, type ClaimedMail } from "./store.ts";

const pollMs = 1_000;

export interface Sender {
  /** Takes no more mails, waits for those in hand, closes the connections. */
  stop(): Promise<void>;
}

/** Starts sending. */
export function startSender(services: Services, transport: MailTransport): Sender {
  const worker = new SenderWorker(services, transport);
  const unsubscribe = services.bus.subscribe("mail-queued", () => worker.wake());
  const poll = setInterval(() => worker.wake(), pollMs);
  const hold = setInterval(() => void worker.hold(), claimMs / 3);
  worker.wake();
  return {
    async stop() {
      unsubscribe();
      clearInterval(poll);
      await worker.finish();
      clearInterval(hold);
      transport.close();
    },
  };
}

class SenderWorker {
  readonly #services: Services;
  readonly #transport: MailTransport;
  readonly #inHand = new Map<Id, Promise<void>>();
  readonly #metrics;
  #claiming: Promise<void> | undefined;
  #wakeAgain = false;
  #isStopped = false;
  /** Failures of the mail server in a row; while there are any, one mail at a time tries whether it is back. */
  #serverFailures = 0;
  #pausedUntilMs = 0;

  constructor(services: Services, transport: MailTransport) {
    this.#services = services;
    this.#transport = transport;
    this.#metrics = senderMetrics(services);
  }

  wake(): void {
    this.#wakeAgain = true;
    this.#claiming ??= this.#claimWhileWoken().finally(() => {
      this.#claiming = undefined;
      // Somebody may have called between the last look and this line.
      if (this.#wakeAgain && !this.#isStopped && this.#freeHands() > 0) this.wake();
    });
  }

  async hold(): Promise<void> {
    if (this.#inHand.size === 0) return;
    try {
      await holdMails(this.#services, [...this.#inHand.keys()]);
    } catch (error) {
      this.#services.log.error("mails being sent could not be kept hold of", { error });
    }
  }

  async finish(): Promise<void> {
    this.#isStopped = true;
    await this.#claiming;
    await Promise.all(this.#inHand.values());
  }

  async #claimWhileWoken(): Promise<void> {
    while (this.#wakeAgain && !this.#isStopped) {
      this.#wakeAgain = false;
      const free = this.#freeHands();
      if (free <= 0) return;
      try {
        const mails = await claimMails(this.#services, free);
        for (const mail of mails) this.#start(mail);
        if (mails.length === free) this.#wakeAgain = true;
      } catch (error) {
        this.#services.log.error("mails to send could not be taken", { error });
        this.#wakeAgain = false;
        return;
      }
    }
  }

  #freeHands(): number {
    if (this.#services.clock.now() < this.#pausedUntilMs) return 0;
    return (this.#serverFailures > 0 ? 1 : smtpConnections) - this.#inHand.size;
  }

  #start(mail: ClaimedMail): void {
    const done = this.#send(mail).finally(() => {
      this.#inHand.delete(mail.mailId);
      this.wake();
    });
    this.#inHand.set(mail.mailId, done);
  }

  async #send(mail: ClaimedMail): Promise<void> {
    const attempt = await this.#transport.send({
      ...mail,
      to: mail.recipients.map(({ address }) => address),
      envelopeTo: mail.recipients.filter(({ state }) => state === "queued").map(({ address }) => address),
    });
    this.#heed(attempt);
    try {
      const state = await recordAttempt(this.#services, mail, attempt);
      this.#metrics.attempts.add(1, { outcome: state === "queued" ? "deferred" : state });
      if (state === "sent") this.#metrics.delay.observe((this.#services.clock.now() - mail.createdAtMs) / 1_000);
      if (state === "refused")
        this.#services.log.warn("a mail was refused for all its recipients", { mailId: mail.mailId, providerId: mail.providerId });
    } catch (error) {
      // The claim runs out and the mail is tried again, with the same Message-ID.
      this.#services.log.error("what came of a mail could not be written down", { mailId: mail.mailId, error });
    }
  }

  #heed(attempt: Attempt): void {
    if (attempt.kind !== "server") {
      if (this.#serverFailures > 0) this.#services.log.info("the mail server takes mails again");
      this.#serverFailures = 0;
      this.#pausedUntilMs = 0;
      return;
    }
    this.#serverFailures++;
    const waitMs = backoffMs(serverBackoff, this.#serverFailures);
    this.#pausedUntilMs = this.#services.clock.now() + waitMs;
    this.#metrics.serverFailures.add();
    this.#services.log.warn("the mail server cannot be used; mails wait in the outbox", {
      problem: attempt.problem,
      failures: this.#serverFailures,
      retryInSeconds: Math.round(waitMs / 1_000),
    });
  }
}

function senderMetrics({ metrics, database, clock }: Services) {
  const read = async (what: string) => {
    const [row] = await database.unwalled("mails waiting", (tx) =>
      tx.sql<{ value: number | null }>(`select (${what})::float8 as value from hauswart.mail where state = 'queued'`),
    );
    return row?.value ?? 0;
  };
  metrics.gauge({ name: "mails_queued", help: "Mails that wait in the outbox.", read: () => read("count(*)") });
  metrics.gauge({
    name: "mail_oldest_queued_seconds",
    help: "Age of the oldest mail that waits in the outbox.",
    read: async () => Math.max(0, clock.now() / 1_000 - ((await read("extract(epoch from min(created_at))")) || clock.now() / 1_000)),
  });
  return {
    attempts: metrics.counter({ name: "mail_attempts_total", help: "Attempts to send a mail, by what came of them.", labels: ["outcome"] }),
    serverFailures: metrics.counter({
      name: "mail_server_failures_total",
      help: "Attempts that failed because the mail server could not be used.",
    }),
    delay: metrics.histogram({ name: "mail_delay_seconds", help: "Time from writing a mail until the mail server had taken it." }),
  };
}
