/** Everything about mail that runs by itself: composing, and sending where a mail server is set. */
import type { Services } from "../services.ts";
import { startComposer } from "./compose/composer.ts";
import { startSender } from "./outbox/sender.ts";
import { smtpTransport } from "./outbox/smtp.ts";

export interface RunningMail {
  /** Waits for what is in hand. */
  stop(): Promise<void>;
}

/** Starts mail; stops are waited for. */
export function startMail(services: Services): RunningMail {
  const { smtpUrl } = services.settings;
  const composer = startComposer(services);
  const sender = smtpUrl === undefined ? undefined : startSender(services, smtpTransport(smtpUrl));
  return {
    async stop() {
      await composer.stop();
      await sender?.stop();
    },
  };
}
